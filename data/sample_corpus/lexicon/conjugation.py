"""Principal parts of the irregular French verbs."""

from __future__ import annotations

from typing import NamedTuple

from data.sample_corpus.text import word_set


class Parts(NamedTuple):
    """What cannot be derived for an irregular verb."""

    present: tuple[str, ...]
    participle: str
    future: str
    subjunctive: tuple[str, ...]


# Present, past participle, stem of the future, stems of the subjunctive where they are special.
_TABLE = """
être | suis es est sommes êtes sont | été | ser | sois sois soit soyons soyez soient
avoir | ai as a avons avez ont | eu | aur | aie aies ait ayons ayez aient
aller | vais vas va allons allez vont | allé | ir | aill all
faire | fais fais fait faisons faites font | fait | fer | fass
pouvoir | peux peux peut pouvons pouvez peuvent | pu | pourr | puiss
vouloir | veux veux veut voulons voulez veulent | voulu | voudr | veuill voul
savoir | sais sais sait savons savez savent | su | saur | sach
devoir | dois dois doit devons devez doivent | dû | devr |
falloir | - - faut - - - | fallu | faudr | faill
pleuvoir | - - pleut - - - | plu | pleuvr | pleuv
venir | viens viens vient venons venez viennent | venu | viendr |
tenir | tiens tiens tient tenons tenez tiennent | tenu | tiendr |
prendre | prends prends prend prenons prenez prennent | pris | prendr |
mettre | mets mets met mettons mettez mettent | mis | mettr |
battre | bats bats bat battons battez battent | battu | battr |
voir | vois vois voit voyons voyez voient | vu | verr |
croire | crois crois croit croyons croyez croient | cru | croir |
boire | bois bois boit buvons buvez boivent | bu | boir |
lire | lis lis lit lisons lisez lisent | lu | lir |
écrire | écris écris écrit écrivons écrivez écrivent | écrit | écrir |
dire | dis dis dit disons dites disent | dit | dir |
conduire | conduis conduis conduit conduisons conduisez conduisent | conduit | conduir |
connaître | connais connais connaît connaissons connaissez connaissent | connu | connaîtr |
construire | construis construis construit construisons construisez construisent | construit |\
 construir |
partir | pars pars part partons partez partent | parti | partir |
sortir | sors sors sort sortons sortez sortent | sorti | sortir |
sentir | sens sens sent sentons sentez sentent | senti | sentir |
dormir | dors dors dort dormons dormez dorment | dormi | dormir |
servir | sers sers sert servons servez servent | servi | servir |
courir | cours cours court courons courez courent | couru | courr |
ouvrir | ouvre ouvres ouvre ouvrons ouvrez ouvrent | ouvert | ouvrir |
offrir | offre offres offre offrons offrez offrent | offert | offrir |
recevoir | reçois reçois reçoit recevons recevez reçoivent | reçu | recevr |
asseoir | assieds assieds assied asseyons asseyez asseyent | assis | assiér |
suivre | suis suis suit suivons suivez suivent | suivi | suivr |
vivre | vis vis vit vivons vivez vivent | vécu | vivr |
rire | ris ris rit rions riez rient | ri | rir |
mourir | meurs meurs meurt mourons mourez meurent | mort | mourr |
naître | nais nais naît naissons naissez naissent | né | naîtr |
"""

# Verbs that take the forms of a model after a prefix.
FAMILIES = {
    "venir": "revenir devenir souvenir prévenir",
    "tenir": "obtenir appartenir",
    "prendre": "apprendre comprendre reprendre surprendre",
    "mettre": "permettre promettre remettre",
    "dormir": "endormir rendormir",
    "ouvrir": "couvrir découvrir",
    "connaître": "reconnaître",
    "rire": "sourire",
    "sentir": "ressentir",
    "partir": "repartir",
    "lire": "relire",
    "voir": "revoir",
}

AUX_ETRE = word_set(
    "aller venir revenir devenir arriver partir repartir sortir entrer rentrer monter "
    "descendre rester tomber naître mourir retourner"
)


def _parse() -> dict[str, Parts]:
    parts: dict[str, Parts] = {}
    for line in _TABLE.strip().splitlines():
        lemma, present, participle, future, subjunctive = (c.strip() for c in line.split("|"))
        forms = tuple("" if form == "-" else form for form in present.split())
        special = tuple("" if form == "-" else form for form in subjunctive.split())
        parts[lemma] = Parts(forms, participle, future, special)
    return parts


IRREGULAR = _parse()

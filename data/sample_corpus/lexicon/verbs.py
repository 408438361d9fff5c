"""Verb frames: english | french | subjects | complements | flags.

Subjects: H people, C cats and dogs, A animals. Complements, separated by ";":
    o CLASSES DETS        direct object
    p EN FR CLASSES DETS  prepositional object ("-" for no preposition)
    i                     the person something is given or told to
    g                     a goal (to school), l a place (at school), l2 a town or country,
                          l3 a country
Determiners: d the, i a or some, p possessive, m this, b bare plural, n numbers and quantities.
Flags: s stative (its past is an imparfait), n no progressive form, l may take a place,
m may take an adverb of manner, c the object may become a pronoun, u no possible "used to",
k only in special
patterns, x not done on purpose, i not asked of anybody (no imperative).
"""

from data.sample_corpus.text import word_set

FRAMES = """
eat | manger | H | o dish,food di | cl
eat | manger | C | o petfood,petfood di | c
drink | boire | H | o drink di | cl
drink | boire | C | x some/a milk/b=du/a lait/b | l
read | lire | H | o readable dipmn | cl
write | écrire | H | o writable di | cl
buy | acheter | H | o thing,clothing,vehicle,furniture,dish,flower dinm | cu
sell | vendre | H | o vehicle,furniture,building,thing dpm | cu
find | trouver | H | o small,clothing,shoes dp | cnui
lose | perdre | H | o small,clothing,shoes p | cnux
look for | chercher | H | o small,clothing,shoes,pet dp | cu
look for | chercher | H | o shop,building i | u
open | ouvrir | H | o opening,openable dm | cu
close | fermer | H | o opening dm | cu
clean | nettoyer | H | o room,drivable,opening,shoes dp | c
wash | laver | H | o clothing,drivable,tableware,shoes dp | c
break | casser | H | o tableware,opening,mirror di | cux
repair | réparer | H | o machine,vehicle dpm | c
sing | chanter | H | x a/a song/b=une/a chanson/b | lm
watch | regarder | H | o show d | c
watch | regarder | H | x television/a=la/b télévision/a | l
watch | regarder | C | o bird dn | c
look at | regarder | H | o painting,animal,flower,nature,photo dm | c
listen to | écouter | H | o listen d | c
hear | entendre | H | o sound d | cnux
see | voir | H | o animal,wild,person idn | cnui
meet | rencontrer | H | o person,profession,friend din | nui
help | aider | H | o family,person dp | c
wait for | attendre | H | o train,bus,taxi,profession,family dp | clu
invite | inviter | H | o family,friend p | cu
visit | visiter | H | o sight dim | c
drive | conduire | H | o drivable dpi | cm
carry | porter | H | o carried dip | c
wear | porter | H | o clothing,shoes ipm | c
choose | choisir | H | o clothing,gift,readable dim | cu
forget | oublier | H | o small,name,clothing,address dp | cnux
prepare | préparer | H | o meal,salad,cake i | cl
prepare | préparer | H | x dinner/a=le/b dîner/a | l
prepare | préparer | H | x breakfast/a=le/b petit/a déjeuner/a | l
cut | couper | H | o cuttable d | c
draw | dessiner | H | o animal,flower,tree,house,castle,boat di | cml
study | étudier | H | x history=l'/a histoire/a | lm
explain | expliquer | H | o learnable dm;i | cu
understand | comprendre | H | o learnable,idea dm | cnx
repeat | répéter | H | o sentence,word,question,name dm | cu
answer | répondre | H | p - à letter,question,message dm | u
give | donner | H | o gift,thing di;i | cu
show | montrer | H | o photo,gift,painting,house,letter dp;i | cu
send | envoyer | H | o letter,gift,message,photo,flower di;i | cu
lend | prêter | H | o small,vehicle,dictionary,guitar p;i | cu
bring | apporter | H | o drinkable,gift,chair,newspaper di;i | cu
tell | raconter | H | o tale di;i | cu
receive | recevoir | H | o letter,gift,message,photo in | cnux
hide | cacher | H | o gift,small,money dp | cu
take | prendre | H | o transport d | u
take | prendre | H | o small dp | cu
catch | attraper | C | o mouse,bird di | cnu
catch | attraper | H | o ball,thief,butterfly d | cnui
follow | suivre | C | o person,cat,family d | c
steal | voler | T | o small,painting,ring dp | cnux
feed | nourrir | H | o animal,pet dp | c
love | aimer | H | o family p | csn
know | connaître | H | o family,profession,city dp | csn
build | construire | H | o building i | u
throw | lancer | H | o ball,stone d | cu
miss | manquer | H | o transport d | nuk
play | jouer | H | l |
play | jouer | C | l |
play with | jouer avec | C | o ball,mouse,youth,child di |
talk to | parler à | H | o profession,family,person dp | uI
call | appeler | H | o family,profession,policeman dp | cu
call | téléphoner à | H | o family p | kI
work | travailler | H | l | m
sleep | dormir | B | l | m
sleep | dormir | B | p on sur seat d |
dance | danser | H | l | m
cry | pleurer | H | l |x
smile | sourire | H | | n
laugh | rire | H | l | x
run | courir | B | p in dans park,garden,street d | m
walk | marcher | H | p in dans forest,park,street d | m
swim | nager | B | p in dans river,lake,sea d | m
live | habiter | H | l2 | sk
travel | voyager | H | l3 | n
arrive | arriver | H | g3 | ux
go | aller | H | g |
return | retourner | H | g | u
come back | revenir | H | p from de town,shop d | u
come out of | sortir de | B | o building,room,shop d | nu
enter | entrer dans | B | o room,building,shop d | nu
go up to | monter à | H | x the/a attic/b=le/a grenier/b | nk
stay | rester | H | l | u
fall off | tomber de | B | o chair,bed,roof,sofa d | nux
fall off | tomber de | H | o horse,bicycle d | nux
leave | partir | H | | u
leave | quitter | H | o building,office,town,room d | cu
sit on | s'asseoir sur | B | o seat d | nu
sit down | s'asseoir | H | | nul
lie down on | s'allonger sur | B | o seat,bed,sofa d | nu
jump on | sauter sur | C | o surface,seat d | nu
climb on | grimper sur | C | o roof,wall,chair,tree d | nu
hide under | se cacher sous | B | o bed,table,blanket,desk d | nu
hide behind | se cacher derrière | B | o door,tree,sofa,house,wall d | nu
get up | se lever | H | | un
wake up | se réveiller | H | | un
go to bed | se coucher | H | | un
rest | se reposer | H | l |
hurry | se dépêcher | H | | k
have fun | s'amuser | H | l |
take a walk | se promener | H | p in dans forest,park,garden d |
take a walk | se promener | H | p along le_long_de river,lake d |
take a walk | se promener | H | x by/a the/b sea/c=au/a bord/a de/a la/b mer/c |
remember | se souvenir de | H | o name,word,story,trip,song d | kn
take care of | s'occuper de | H | o family,pet,animal,garden dp |
make fun of | se moquer de | H | o family,person dp |x
fall asleep | s'endormir | B | p on sur sofa,mat,bed,chair d | ux
fall asleep | s'endormir | H | l | ux
stop in front of | s'arrêter devant | H | o town,shop,building d | nu
think about | penser à | H | o trip,exam,family,problem dp | nk
need | avoir besoin de | H | o computer,doctor,umbrella,dictionary,car ip | kns
"""

# english | french with its preposition: verbs that govern an infinitive, then flags
# (s: the past is an imparfait, n: no progressive).
CONTROL = """
want|vouloir|sn
hope|espérer|sn
like|aimer|sn
hate|détester|sn
prefer|préférer|sn
have|devoir|snh
need|avoir besoin de|sn
try|essayer de|
decide|décider de|n
forget|oublier de|n
start|commencer à|n
learn|apprendre à|
refuse|refuser de|n
promise|promettre de|n
help|aider à|k
"""

# Modal | french | tense of the french verb
MODALS = """
can|pouvoir|present
be able|pouvoir|imperfect
must|devoir|present
should|devoir|conditional
"""

# What one does, as an infinitive: english | french, marked.
ACTIVITIES = """
play football|jouer au football
play tennis|jouer au tennis
play cards|jouer aux cartes
play chess|jouer aux échecs
play the/a piano/b|jouer du/a piano/b
play the/a guitar/b|jouer de/a la/a guitare/b
play the/a violin/b|jouer du/a violon/b
speak French|parler français
speak Spanish|parler espagnol
speak German|parler allemand
speak Italian|parler italien
speak English|parler anglais
cook|cuisiner
dance|danser
swim|nager
sing|chanter
draw|dessiner
ski|skier
read|lire
travel|voyager
drive|conduire
work|travailler
sleep|dormir
get/a up/a early/b|se/a lever/a tôt/b
get/a up/a late/b|se/a lever/a tard/b
go/a to/b bed/b late/c|se/a coucher/b tard/c
watch/a television/b|regarder/a la/b télévision/b
listen/a to/a music/b|écouter/a de/b la/b musique/b
take/a a/a walk/a|se/a promener/a
"""

# Impersonal weather: english adjective or verb | french.
WEATHER = """
hot|chaud
cold|froid
cool|frais
"""

# Where one does it: the codes of the places that suit a verb.
PLACE_USE = {
    "eat": "e",
    "drink": "e",
    "prepare": "h",
    "read": "r",
    "write": "r",
    "draw": "r",
    "rest": "r",
    "listen to": "r",
    "work": "w",
    "study": "w",
    "stay": "rw",
    "sleep": "s",
    "fall asleep": "s",
    "sit down": "r",
    "wait for": "x",
    "have fun": "k",
    "play": "k",
    "dance": "k",
    "sing": "k",
    "cry": "k",
    "laugh": "k",
}

# Verbs that go with a time far off: last year, next month.
LONG = word_set(
    "visit buy sell build go receive find lose invite meet see write repair return drive"
)

# What one does too seldom to say "every morning".
RARE = word_set("visit build travel repair sell draw")

# Verbs that may follow one another or happen at the same time.
SCENES = (
    "eat|drink|rest|read|listen to|watch|prepare",
    "sit on|read|listen to|rest|fall asleep|drink|eat|close",
    "wake up|get up|drink|eat|listen to|open",
    "clean|wash|prepare|feed",
    "wash|repair|clean|feed|work|rest",
    "take a walk|run|swim|rest|have fun|play",
    "walk|meet|see|look at|talk to|take a walk",
    "study|read|write|repeat|answer|explain|draw",
    "call|invite|help|talk to|wait for",
    "give|show|send|bring|write|tell",
)

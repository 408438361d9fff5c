"""Expressions of time and place, marked with their links."""

# The last column is the letter of the times; a verb's frame names the letters that suit it:
# d a day, n a morning, e an evening, a an afternoon, m beside a meal, s a moment ago, z a moment
# from now, k some days from now, w a week or a month away, y a year away. A row without a letter
# suits every verb.
PAST = """
yesterday|hier|d
last/a night/b|hier/a soir/b|e
yesterday/a morning/b|hier/a matin/b|n
yesterday/a evening/b|hier/a soir/b|e
this/a morning/b|ce/a matin/b|n
last/a week/b|la/b semaine/b dernière/a|w
last/a month/b|le/b mois/b dernier/a|w
last/a year/b|l'/b année/b dernière/a|y
last/a summer/b|l'/b été/b dernier/a|y
last/a Monday/b|lundi/b dernier/a|d
last/a Saturday/b|samedi/b dernier/a|d
two/a days/b ago/c|il/c y/c a/c deux/a jours/b|d
three/a weeks/b ago/c|il/c y/c a/c trois/a semaines/b|w
five/a minutes/b ago/c|il/c y/c a/c cinq/a minutes/b|s
an/a hour/b ago/c|il/c y/c a/c une/a heure/b|s
four/a years/b ago/c|il/c y/c a/c quatre/a ans/b|y
on/a Friday/b evening/c|vendredi/b soir/c|e
before/a dinner/b|avant/a le/b dîner/b|m
before/a breakfast/b|avant/a le/b petit/b déjeuner/b|m
after/a lunch/b|après/a le/b déjeuner/b|m
"""
HABIT = """
every/a day/b|tous/a les/a jours/b|d
every/a morning/b|tous/a les/a matins/b|n
every/a evening/b|tous/a les/a soirs/b|e
every/a week/b|toutes/a les/a semaines/b|w
every/a Sunday/b|tous/a les/a dimanches/b|w
every/a summer/b|tous/a les/a étés/b|y
every/a year/b|tous/a les/a ans/b|y
on/a Mondays/b|le/a lundi/b|w
on/a Saturdays/b|le/a samedi/b|w
on/a Wednesdays/b|le/a mercredi/b|w
in/a the/a morning/b|le/a matin/b|n
in/a the/a evening/b|le/a soir/b|e
in/a the/b afternoon/c|l'/b après-midi/c|a
"""
NOW = """
now|maintenant|
at the moment|en ce moment|
"""
FUTURE = """
tomorrow|demain|d
tonight|ce soir|e
tomorrow/a morning/b|demain/a matin/b|n
tomorrow/a evening/b|demain/a soir/b|e
next/a week/b|la/b semaine/b prochaine/a|w
next/a month/b|le/b mois/b prochain/a|w
next/a year/b|l'/b année/b prochaine/a|y
next/a summer/b|l'/b été/b prochain/a|y
next/a Sunday/b|dimanche/b prochain/a|d
next/a Tuesday/b|mardi/b prochain/a|d
in/a two/b days/c|dans/a deux/b jours/c|k
in/a ten/b minutes/c|dans/a dix/b minutes/c|z
in/a an/b hour/c|dans/a une/b heure/c|z
soon|bientôt|k
this/a afternoon/b|cet/a après-midi/b|a
"""
STATE_PAST = """
at/a the/b time/c|à/a l'/b époque/c
that/a day/b|ce/a jour-là/b
yesterday|hier
"""
FREQUENCY = """
often|souvent
always|toujours
sometimes|parfois
rarely|rarement
"""
PERFECT = """
already|déjà
"""

# The last column says what one does there: e eat, h prepare a meal, r read or rest, w work,
# u study, s sleep, j play, k have fun, d dance or sing, y cry or laugh, m meet, f find, x wait,
# o stay, t listen to the radio; c where pets are, v what grazes or flies there.
PLACES = """
at/a home/a|à/a la/a maison/a|ehrusjoyt
at/a school/b|à/a l'/b école/b|uy
at/a the/b hotel/c|à/a l'/b hôtel/c|ewsot
in/a the/b garden/c|dans/a le/b jardin/c|ersjkdycv
in/a the/b kitchen/c|dans/a la/b cuisine/c|ehdyc
in/a the/b living/c room/c|dans/a le/b salon/c|rusdyct
in/a the/b bedroom/c|dans/a la/b chambre/c|rusyt
in/a the/b park/c|dans/a le/b parc/c|erjkmf
in/a the/b street/c|dans/a la/b rue/c|jdmf
at/a the/b office/c|au/ab bureau/c|w
at/a the/b restaurant/c|au/ab restaurant/c|ewm
at/a the/b library/c|à/a la/b bibliothèque/c|wum
at/a the/b hospital/c|à/a l'/b hôpital/c|w
at/a the/b market/c|au/ab marché/c|m
at/a the/b beach/c|à/a la/b plage/c|rjkmf
at/a the/b station/c|à/a la/b gare/c|mfx
at/a the/b airport/c|à/a l'/b aéroport/c|mx
in/a the/b country/c|à/a la/b campagne/c|rwov
in/a front/a of/a the/b house/c|devant/a la/b maison/c|jxc
in/a front/a of/a the/b bakery/c|devant/a la/b boulangerie/c|mx
behind/a the/b school/c|derrière/a l'/b école/c|j
behind/a the/b house/c|derrière/a la/b maison/c|jcv
near/a the/b river/c|près/a de/a la/b rivière/c|rkv
near/a the/b door/c|près/a de/a la/b porte/c|c
under/a the/b tree/c|sous/a l'/b arbre/c|rsc
under/a the/b table/c|sous/a la/b table/c|c
on/a the/b terrace/c|sur/a la/b terrasse/c|er
"""
# The last column marks where one goes usually.
GOALS = """
to/a school/b|à/a l'/b école/b|
to/a the/b market/c|au/ab marché/c|h
to/a the/b beach/c|à/a la/b plage/c|h
to/a the/b station/c|à/a la/b gare/c|
to/a the/b museum/c|au/ab musée/c|h
to/a the/b cinema/c|au/ab cinéma/c|h
to/a the/b restaurant/c|au/ab restaurant/c|
to/a the/b library/c|à/a la/b bibliothèque/c|h
to/a the/b hospital/c|à/a l'/b hôpital/c|
to/a the/b bakery/c|à/a la/b boulangerie/c|
to/a the/b supermarket/c|au/ab supermarché/c|
to/a the/b theater/c|au/ab théâtre/c|h
to/a the/b office/c|au/ab bureau/c|
to/a the/b park/c|au/ab parc/c|h
to/a the/b swimming/c pool/c|à/a la/b piscine/c|h
to/a the/b bank/c|à/a la/b banque/c|
to/a the/b airport/c|à/a l'/b aéroport/c|
"""
ARRIVALS = """
at/a the/b station/c|à/a la/b gare/c
at/a the/b hotel/c|à/a l'/b hôtel/c
at/a the/b office/c|au/ab bureau/c
at/a the/b airport/c|à/a l'/b aéroport/c
at/a the/b restaurant/c|au/ab restaurant/c
"""
HOURS = """
one/a|une/a heure
two/a|deux/a heures
three/a|trois/a heures
four/a|quatre/a heures
five/a|cinq/a heures
six/a|six/a heures
seven/a|sept/a heures
eight/a|huit/a heures
nine/a|neuf/a heures
ten/a|dix/a heures
eleven/a|onze/a heures
"""
MONTHS = """
January|janvier
February|février
March|mars
April|avril
May|mai
June|juin
July|juillet
August|août
September|septembre
October|octobre
November|novembre
December|décembre
"""
DAYS = """
Monday|lundi
Tuesday|mardi
Wednesday|mercredi
Thursday|jeudi
Friday|vendredi
Saturday|samedi
Sunday|dimanche
"""
NUMBERS = """
two|deux
three|trois
four|quatre
five|cinq
six|six
seven|sept
eight|huit
nine|neuf
ten|dix
eleven|onze
twelve|douze
thirteen|treize
fourteen|quatorze
fifteen|quinze
sixteen|seize
seventeen|dix-sept
eighteen|dix-huit
nineteen|dix-neuf
twenty|vingt
twenty-five|vingt-cinq
thirty|trente
forty|quarante
fifty|cinquante
sixty|soixante
seventy|soixante-dix
eighty|quatre-vingts
"""

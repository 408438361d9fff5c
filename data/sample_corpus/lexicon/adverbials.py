"""Expressions of time, place and manner, marked with their links."""

# A third column "l" marks a time too far off for small everyday acts, "s" one too near for
# great ones, "d" one that comes too often for a visit or a journey.
PAST = """
yesterday|hier
last/a night/b|hier/a soir/b
yesterday/a morning/b|hier/a matin/b
yesterday/a evening/b|hier/a soir/b
this/a morning/b|ce/a matin/b
last/a week/b|la/b semaine/b dernière/a|l
last/a month/b|le/b mois/b dernier/a|l
last/a year/b|l'/b année/b dernière/a|l
last/a summer/b|l'/b été/b dernier/a|l
last/a Monday/b|lundi/b dernier/a
last/a Saturday/b|samedi/b dernier/a
two/a days/b ago/c|il/c y/c a/c deux/a jours/b
three/a weeks/b ago/c|il/c y/c a/c trois/a semaines/b|l
five/a minutes/b ago/c|il/c y/c a/c cinq/a minutes/b|s
an/a hour/b ago/c|il/c y/c a/c une/a heure/b|s
four/a years/b ago/c|il/c y/c a/c quatre/a ans/b|l
on/a Friday/b evening/c|vendredi/b soir/c
before/a dinner/b|avant/a le/b dîner/b|s
before/a breakfast/b|avant/a le/b petit/b déjeuner/b|s
after/a lunch/b|après/a le/b déjeuner/b|s
"""
HABIT = """
every/a day/b|tous/a les/a jours/b|d
every/a morning/b|tous/a les/a matins/b|d
every/a evening/b|tous/a les/a soirs/b|d
every/a week/b|toutes/a les/a semaines/b
every/a Sunday/b|tous/a les/a dimanches/b
every/a summer/b|tous/a les/a étés/b|l
every/a year/b|tous/a les/a ans/b|l
on/a Mondays/b|le/a lundi/b
on/a Saturdays/b|le/a samedi/b
on/a Wednesdays/b|le/a mercredi/b
in/a the/a morning/b|le/a matin/b|d
in/a the/a evening/b|le/a soir/b|d
in/a the/b afternoon/c|l'/b après-midi/c|d
"""
YEARLY = """
every/a year/b|tous/a les/a ans/b
every/a summer/b|tous/a les/a étés/b
"""
NOW = """
now|maintenant
at the moment|en ce moment
this/a morning/b|ce/a matin/b
"""
FUTURE = """
tomorrow|demain
tonight|ce soir
tomorrow/a morning/b|demain/a matin/b
tomorrow/a evening/b|demain/a soir/b
next/a week/b|la/b semaine/b prochaine/a|l
next/a month/b|le/b mois/b prochain/a|l
next/a year/b|l'/b année/b prochaine/a|l
next/a summer/b|l'/b été/b prochain/a|l
next/a Sunday/b|dimanche/b prochain/a
next/a Tuesday/b|mardi/b prochain/a
in/a two/b days/c|dans/a deux/b jours/c
in/a ten/b minutes/c|dans/a dix/b minutes/c|s
in/a an/b hour/c|dans/a une/b heure/c|s
soon|bientôt
this/a afternoon/b|cet/a après-midi/b
"""
STATE_PAST = """
at/a the/b time/c|à/a l'/b époque/c
that/a day/b|ce/a jour-là/b
yesterday|hier
"""
MANNER = """
slowly|lentement
well|bien
quickly|vite
together|ensemble
a lot|beaucoup
too much|trop
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

# The last column says what one does there: e eat, r read or rest, w work or study, s sleep,
# k play or dance, x wait, h prepare a meal.
PLACES = """
at/a home/a|à/a la/a maison/a|erwskh
at/a school/b|à/a l'/b école/b|wk
at/a the/b hotel/c|à/a l'/b hôtel/c|ers
in/a the/b garden/c|dans/a le/b jardin/c|erskw
in/a the/b kitchen/c|dans/a la/b cuisine/c|ewkh
in/a the/b living/c room/c|dans/a le/b salon/c|erksw
in/a the/b park/c|dans/a le/b parc/c|erk
in/a the/b street/c|dans/a la/b rue/c|k
at/a the/b office/c|au/ab bureau/c|w
at/a the/b restaurant/c|au/ab restaurant/c|e
at/a the/b library/c|à/a la/b bibliothèque/c|w
at/a the/b beach/c|à/a la/b plage/c|rk
at/a the/b station/c|à/a la/b gare/c|x
in/a the/b country/c|à/a la/b campagne/c|rw
in/a front/a of/a the/b house/c|devant/a la/b maison/c|xk
behind/a the/b school/c|derrière/a l'/b école/c|xk
near/a the/b river/c|près/a de/a la/b rivière/c|rk
under/a the/b tree/c|sous/a l'/b arbre/c|rs
on/a the/b terrace/c|sur/a la/b terrasse/c|er
"""
INDOOR_PLAY = """
in/a the/b garden/c|dans/a le/b jardin/c
in/a the/b kitchen/c|dans/a la/b cuisine/c
in/a the/b street/c|dans/a la/b rue/c
in/a front/a of/a the/b house/c|devant/a la/b maison/c
behind/a the/b house/c|derrière/a la/b maison/c
under/a the/b tree/c|sous/a l'/b arbre/c
under/a the/b table/c|sous/a la/b table/c
near/a the/b door/c|près/a de/a la/b porte/c
in/a the/b living/c room/c|dans/a le/b salon/c
"""
GOALS = """
to/a school/b|à/a l'/b école/b
to/a the/b market/c|au/ab marché/c
to/a the/b beach/c|à/a la/b plage/c
to/a the/b station/c|à/a la/b gare/c
to/a the/b museum/c|au/ab musée/c
to/a the/b cinema/c|au/ab cinéma/c
to/a the/b restaurant/c|au/ab restaurant/c
to/a the/b library/c|à/a la/b bibliothèque/c
to/a the/b hospital/c|à/a l'/b hôpital/c
to/a the/b bakery/c|à/a la/b boulangerie/c
to/a the/b supermarket/c|au/ab supermarché/c
to/a the/b theater/c|au/ab théâtre/c
to/a the/b office/c|au/ab bureau/c
to/a the/b park/c|au/ab parc/c
to/a the/b swimming/c pool/c|à/a la/b piscine/c
to/a the/b bank/c|à/a la/b banque/c
to/a the/b airport/c|à/a l'/b aéroport/c
"""
ARRIVALS = """
at/a school/b|à/a l'/b école/b
at/a the/b station/c|à/a la/b gare/c
at/a the/b hotel/c|à/a l'/b hôtel/c
at/a the/b office/c|au/ab bureau/c
at/a the/b airport/c|à/a l'/b aéroport/c
at/a the/b restaurant/c|au/ab restaurant/c
at/a the/b beach/c|à/a la/b plage/c
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

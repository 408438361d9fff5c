"""Greetings and sentences that are said as a whole, marked with their links."""

# The third column is what one says to somebody whom one calls by the first name.
GREETINGS = """
good/a morning/b|bonjour/ab
good/a evening/b|bonsoir/ab
good/a night/b|bonne/a nuit/b
goodbye/a|au/a revoir/a
thank/a you/a|merci/a
thank/a you/a very/b much/b|merci/a beaucoup/b
hello/a|bonjour/a
see/a you/a tomorrow/b|à/a demain/b
see/a you/a soon/b|à/a bientôt/b
happy/a birthday/b|joyeux/a anniversaire/b
welcome/a|bienvenue/a
congratulations/a|félicitations/a
excuse/a me/b|excusez/a -moi/b|excuse/a -moi/b
good/a luck/b|bonne/a chance/b
"""

FIXED = """
thank/a you/a very/b much/b|merci/a beaucoup/b
you are welcome|je vous en prie
see/a you/a tomorrow/b|à/a demain/b
it/a does/b not/c matter/b|ce/a n'/c est/b pas/c grave/b
i/a do/b not/c know/b|je/a ne/c sais/b pas/c
i/a am/b sorry/c|je/a suis/b désolé/c
i/a do/b not/c understand/b|je/a ne/c comprends/b pas/c
it/a is/b late/c|il/a est/b tard/c
it/a is/b early/c|il/a est/b tôt/c
it/a is/b true/c|ce/a est/b vrai/c
it/a is/b not/d true/c|ce/a n'/d est/b pas/d vrai/c
that/a is/b all/c|ce/a est/b tout/c
it/a is/b a/d good/e idea/f|ce/a est/b une/d bonne/e idée/f
i/a agree/b with/c you/d|je/a suis/b d'/b accord/b avec/c vous/d
i/a agree/b|je/a suis/b d'/b accord/b
dinner/a is/b ready/c|le/d dîner/a est/b prêt/c
everything/a is/b ready/c|tout/a est/b prêt/c
nobody/a knows/b|personne/a ne/a sait/b
no/a one/a came/b|personne/a n'/a est/b venu/b
the/a phone/b is/c ringing/c|le/a téléphone/b sonne/c
someone/a is/b knocking/b at/c the/d door/e|quelqu'un/a frappe/b à/c la/d porte/e
it/a is/b my/c turn/d|ce/a est/b mon/c tour/d
time/a flies/b|le/a temps/a passe/b vite/b
"""

QUESTIONS = """
what/a time/b is/c it/d|quelle/a heure/b est/c -il/d
how/a are/b you/c|comment/a allez/b -vous/c
what/a is/b your/c name/d|comment/a vous/bcd appelez/bd -vous/c
what/a day/b is/c it/d today/e|quel/a jour/b sommes/c -nous/d aujourd'hui/e
what/a is/b the/c weather/d like/d|quel/a temps/d fait/b -il/c
who/a is/b it/c|qui/a est/b -ce/c
what/a is/b it/c|qu'/a est/b -ce/c que/c ce/c est/b
how/a much/a is/b it/c|combien/a est-ce/c que/c ça/c coûte/b
why/a not/b|pourquoi/a pas/b
is/a it/b true/c|est/a -ce/b vrai/c
what/a happened/b|que/a s'/b est/b -il/b passé/b
may/a I/b help/c you/d|puis/a -je/b vous/d aider/c
"""

EXCLAMATIONS = """
be/a careful/b|faites/a attention/b
help/a|au/a secours/a
what/a a/a beautiful/b day/c|quelle/a belle/b journée/c
what/a a/a surprise/b|quelle/a surprise/b
have/a a/a good/b trip/c|bon/b voyage/c
enjoy your meal|bon appétit
happy/a new/b year/c|bonne/a année/c
what/a nice/b weather/c|quel/a beau/b temps/c
it/a is/b wonderful/c|ce/a est/b merveilleux/c
how/a beautiful/b it/c is/d|comme/a ce/c est/d beau/b
hurry/a up/a|dépêchez/a -vous/a
"""

"""Names, forms of address, trades as predicates, towns and countries."""

from data.sample_corpus.text import word_list

MEN = word_list("Paul Pierre Antoine Louis Thomas Nicolas Marc Julien David Daniel Martin Simon")
WOMEN = word_list("Marie Anne Alice Claire Sophie Julie Emma Lucie Jeanne Sarah Laura Nathalie")
SURNAMES = ["Martin", "Bernard", "Dubois", "Moreau", "Laurent", "Lambert"]

# english | french | gender of the person addressed
FAMILIAR = """
Mom|maman|f
Dad|papa|m
Grandma|mamie|f
Grandpa|papi|m
"""
POLITE = """
sir|monsieur|m
madam|madame|f
sir|monsieur|m
madam|madame|f
Doctor|docteur|m
"""

# english | masculine | feminine
TRADES = """
teacher|professeur|professeure
doctor|médecin|médecin
nurse|infirmier|infirmière
baker|boulanger|boulangère
farmer|fermier|fermière
lawyer|avocat|avocate
engineer|ingénieur|ingénieure
cook|cuisinier|cuisinière
singer|chanteur|chanteuse
writer|écrivain|écrivaine
painter|peintre|peintre
musician|musicien|musicienne
journalist|journaliste|journaliste
hairdresser|coiffeur|coiffeuse
pilot|pilote|pilote
dentist|dentiste|dentiste
pharmacist|pharmacien|pharmacienne
architect|architecte|architecte
judge|juge|juge
"""

CITIES = """
Paris|Paris
Lyon|Lyon
London|Londres
Rome|Rome
Berlin|Berlin
Madrid|Madrid
Tokyo|Tokyo
Montreal|Montréal
Marseille|Marseille
Geneva|Genève
Brussels|Bruxelles
Lisbon|Lisbonne
New York|New York
"""

# english | french | gender (f and m before a vowel take "en", m takes "au")
COUNTRIES = """
France|France|f
Spain|Espagne|f
Italy|Italie|f
Germany|Allemagne|f
England|Angleterre|f
Belgium|Belgique|f
Switzerland|Suisse|f
Greece|Grèce|f
China|Chine|f
Canada|Canada|m
Japan|Japon|m
Brazil|Brésil|m
Portugal|Portugal|m
Mexico|Mexique|m
"""

LANGUAGES = """
French|français
English|anglais
Spanish|espagnol
German|allemand
Italian|italien
Japanese|japonais
Chinese|chinois
Portuguese|portugais
"""

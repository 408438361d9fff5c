"""Nouns by semantic class: english | french | gender [| english plural | french plural].

A class line begins with "@" and names the class, then the letters of the adjectives that fit
(P person, Y child, K king, A animal, T thing, L place, N nature, F food, C clothing, V vehicle,
R something to read or see, Z sound, S furniture, X abstract, - none). A noun may appear in
several classes. Mass nouns have the gender M or F.
"""

TABLE = """
@person P
man|homme|m
woman|femme|f
neighbor|voisin|m
student|étudiant|m
tourist|touriste|m
lady|dame|f
guest|invité|m
customer|client|m
@royal K
king|roi|m
queen|reine|f
prince|prince|m
princess|princesse|f
@profession P
teacher|professeur|m
doctor|médecin|m
nurse|infirmière|f
baker|boulanger|m
farmer|fermier|m
lawyer|avocat|m
engineer|ingénieur|m
butcher|boucher|m
cook|cuisinier|m
waiter|serveur|m
waitress|serveuse|f
singer|chanteur|m
actor|acteur|m
actress|actrice|f
writer|écrivain|m
painter|peintre|m
musician|musicien|m
journalist|journaliste|m
hairdresser|coiffeur|m
gardener|jardinier|m
pilot|pilote|m
dentist|dentiste|m
mechanic|mécanicien|m
pharmacist|pharmacien|m
postman|facteur|m
policeman|policier|m
fireman|pompier|m
soldier|soldat|m
architect|architecte|m
judge|juge|m
@thief P
thief|voleur|m
@kid Y
boy|garçon|m
girl|fille|f
child|enfant|m
@youth Y
boy|garçon|m
girl|fille|f
child|enfant|m
student|étudiant|m
@family P
father|père|m
mother|mère|f
brother|frère|m
sister|sœur|f
son|fils|m
daughter|fille|f
uncle|oncle|m
aunt|tante|f
cousin|cousin|m
grandfather|grand-père|m||grands-pères
grandmother|grand-mère|f||grands-mères
husband|mari|m
wife|femme|f
nephew|neveu|m
niece|nièce|f
friend|ami|m
neighbor|voisin|m
boss|patron|m
colleague|collègue|m
@pet A
cat|chat|m
dog|chien|m
rabbit|lapin|m
kitten|chaton|m
puppy|chiot|m
bird|oiseau|m
@housepet A
cat|chat|m
cat|chat|m
kitten|chaton|m
dog|chien|m
puppy|chiot|m
@animal A
cat|chat|m
dog|chien|m
horse|cheval|m
cow|vache|f
bird|oiseau|m
rabbit|lapin|m
mouse|souris|f
sheep|mouton|m
pig|cochon|m
hen|poule|f
duck|canard|m
goat|chèvre|f
donkey|âne|m
@wild A
lion|lion|m
bear|ours|m
monkey|singe|m
elephant|éléphant|m
wolf|loup|m
fox|renard|m
snake|serpent|m
@dish F
apple|pomme|f
orange|orange|f
banana|banane|f
pear|poire|f
peach|pêche|f
egg|œuf|m
cake|gâteau|m
sandwich|sandwich|m
tomato|tomate|f
carrot|carotte|f
cookie|biscuit|m
strawberry|fraise|f
potato|pomme de terre|f
onion|oignon|m
mushroom|champignon|m
@snack F
apple|pomme|f
orange|orange|f
banana|banane|f
pear|poire|f
peach|pêche|f
egg|œuf|m
cake|gâteau|m
sandwich|sandwich|m
tomato|tomate|f
cookie|biscuit|m
strawberry|fraise|f
@vegetable F
tomato|tomate|f
carrot|carotte|f
potato|pomme de terre|f
onion|oignon|m
mushroom|champignon|m
@fruit F
apple|pomme|f
orange|orange|f
banana|banane|f
pear|poire|f
peach|pêche|f
strawberry|fraise|f
lemon|citron|m
cherry|cerise|f
@food F
bread|pain|M
cheese|fromage|M
meat|viande|F
rice|riz|M
soup|soupe|F
salad|salade|F
chicken|poulet|M
chocolate|chocolat|M
fish|poisson|M
ham|jambon|M
@spread F
butter|beurre|M
jam|confiture|F
honey|miel|M
@petfood F
meat|viande|F
fish|poisson|M
chicken|poulet|M
@ingredient F
sugar|sucre|M
salt|sel|M
@meal F
meal|repas|m
@drink F
water|eau|F
milk|lait|M
coffee|café|M
tea|thé|M
wine|vin|M
beer|bière|F
orange juice|jus d'orange|M
lemonade|limonade|F
@clothing C
shirt|chemise|f
dress|robe|f
coat|manteau|m
hat|chapeau|m
skirt|jupe|f
sweater|pull|m
jacket|veste|f
scarf|écharpe|f|scarves
tie|cravate|f
belt|ceinture|f
cap|casquette|f
@shoes C
shoe|chaussure|f
boot|botte|f
glove|gant|m
sock|chaussette|f
"""

"""Nouns by semantic class: english | french | gender [| english plural | french plural].

A class line begins with "@" and names the class, then the letters of the adjectives that fit
(P person, A animal, T thing, L place, F food, C clothing, V vehicle, R something to read or hear,
S seat, X abstract). A noun may appear in several classes. Mass nouns have the gender M or F.
"""

TABLE = """
@person P
man|homme|m
woman|femme|f
boy|garçon|m
girl|fille|f
child|enfant|m
neighbor|voisin|m
student|étudiant|m
tourist|touriste|m
lady|dame|f
guest|invité|m
customer|client|m
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
@youth P
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
@cat A
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
butter|beurre|M
jam|confiture|F
honey|miel|M
@petfood F
meat|viande|F
fish|poisson|M
chicken|poulet|M
bread|pain|M
@ingredient F
flour|farine|F
sugar|sucre|M
salt|sel|M
butter|beurre|M
oil|huile|F
pepper|poivre|M
cream|crème|F
@meal F
meal|repas|m
dinner|dîner|m
breakfast|petit déjeuner|m||petits déjeuners
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
@thing T
book|livre|m
key|clé|f
bag|sac|m
umbrella|parapluie|m
watch|montre|f
phone|téléphone|m
pen|stylo|m
pencil|crayon|m
suitcase|valise|f
box|boîte|f
lamp|lampe|f
ticket|billet|m
gift|cadeau|m
toy|jouet|m
computer|ordinateur|m
guitar|guitare|f
basket|panier|m
mirror|miroir|m
candle|bougie|f
notebook|cahier|m
dictionary|dictionnaire|m
painting|tableau|m
wallet|portefeuille|m
bicycle|vélo|m
clock|horloge|f
ring|bague|f
@small T
key|clé|f
pen|stylo|m
pencil|crayon|m
phone|téléphone|m
wallet|portefeuille|m
ticket|billet|m
book|livre|m
notebook|cahier|m
watch|montre|f
umbrella|parapluie|m
bag|sac|m
toy|jouet|m
glass|verre|m
letter|lettre|f
@tableware T
glass|verre|m
plate|assiette|f
cup|tasse|f
bottle|bouteille|f
knife|couteau|m
fork|fourchette|f
spoon|cuillère|f
bowl|bol|m
@flower T
flower|fleur|f
rose|rose|f
@gift T
gift|cadeau|m
book|livre|m
flower|fleur|f
toy|jouet|m
watch|montre|f
bicycle|vélo|m
doll|poupée|f
ball|ballon|m
ring|bague|f
pen|stylo|m
apple|pomme|f
key|clé|f
@readable R
book|livre|m
newspaper|journal|m
letter|lettre|f
magazine|magazine|m
novel|roman|m
poem|poème|m
message|message|m
article|article|m
@writable R
letter|lettre|f
book|livre|m
novel|roman|m
poem|poème|m
message|message|m
article|article|m
@story R
story|histoire|f
song|chanson|f
film|film|m
poem|poème|m
book|livre|m
@show R
film|film|m
match|match|m
concert|concert|m
play|pièce|f
@seat S
mat|tapis|m
chair|chaise|f
sofa|canapé|m
bed|lit|m
bench|banc|m
stool|tabouret|m
cushion|coussin|m
floor|sol|m
blanket|couverture|f
@surface S
table|table|f
bed|lit|m
chair|chaise|f
shelf|étagère|f
desk|bureau|m
mat|tapis|m
sofa|canapé|m
floor|sol|m
bench|banc|m
cupboard|placard|m
@container T
bag|sac|m
box|boîte|f
drawer|tiroir|m
suitcase|valise|f
basket|panier|m
cupboard|placard|m
car|voiture|f
@furniture S
table|table|f
chair|chaise|f
bed|lit|m
armchair|fauteuil|m
sofa|canapé|m
desk|bureau|m
wardrobe|armoire|f
shelf|étagère|f
lamp|lampe|f
mirror|miroir|m
mat|tapis|m
@opening T
door|porte|f
window|fenêtre|f
box|boîte|f
suitcase|valise|f
drawer|tiroir|m
@openable T
letter|lettre|f
bottle|bouteille|f
gift|cadeau|m
umbrella|parapluie|m
@room L
kitchen|cuisine|f
bedroom|chambre|f
living room|salon|m
garage|garage|m
bathroom|salle de bains|f
office|bureau|m
@building L
house|maison|f
apartment|appartement|m
hotel|hôtel|m
castle|château|m
church|église|f
school|école|f
museum|musée|m
library|bibliothèque|f
hospital|hôpital|m
bridge|pont|m
@sight L
museum|musée|m
castle|château|m
church|église|f
zoo|zoo|m
village|village|m
city|ville|f
island|île|f
cathedral|cathédrale|f
garden|jardin|m
@shop L
bakery|boulangerie|f
pharmacy|pharmacie|f
bank|banque|f
post office|poste|f
library|bibliothèque|f
market|marché|m
supermarket|supermarché|m
bookstore|librairie|f
@town L
station|gare|f
hospital|hôpital|m
museum|musée|m
hotel|hôtel|m
airport|aéroport|m
bank|banque|f
pharmacy|pharmacie|f
park|parc|m
theater|théâtre|m
stadium|stade|m
church|église|f
post office|poste|f
restaurant|restaurant|m
town hall|mairie|f
beach|plage|f
bakery|boulangerie|f
library|bibliothèque|f
swimming pool|piscine|f
@nature L
river|rivière|f
lake|lac|m
forest|forêt|f
mountain|montagne|f
sea|mer|f
sky|ciel|m
moon|lune|f
@vehicle V
car|voiture|f
truck|camion|m
boat|bateau|m
motorcycle|moto|f
bus|bus|m
bicycle|vélo|m
@transport V
train|train|m
bus|bus|m
plane|avion|m
taxi|taxi|m
boat|bateau|m
@machine T
car|voiture|f
computer|ordinateur|m
radio|radio|f
bicycle|vélo|m
clock|horloge|f
washing machine|machine à laver|f
phone|téléphone|m
roof|toit|m
@sound R
bell|cloche|f
noise|bruit|m
song|chanson|f
voice|voix|f
music|musique|F
@listen R
radio|radio|f
music|musique|F
song|chanson|f
concert|concert|m
@abstract X
question|question|f
answer|réponse|f
problem|problème|m
idea|idée|f
word|mot|m
name|nom|m
lesson|leçon|f
sentence|phrase|f
address|adresse|f
rule|règle|f
exercise|exercice|m
@learnable X
lesson|leçon|f
question|question|f
word|mot|m
sentence|phrase|f
exercise|exercice|m
problem|problème|m
text|texte|m
rule|règle|f
answer|réponse|f
@event X
meeting|réunion|f
exam|examen|m
trip|voyage|m
party|fête|f
concert|concert|m
match|match|m
film|film|m
lesson|leçon|f
wedding|mariage|m
interview|entretien|m
@plant T
tree|arbre|m
flower|fleur|f
rose|rose|f
tomato|tomate|f
carrot|carotte|f
@drivable V
car|voiture|f
truck|camion|m
bus|bus|m
motorcycle|moto|f
@carried T
suitcase|valise|f
box|boîte|f
bag|sac|m
basket|panier|m
guitar|guitare|f
@cuttable F
bread|pain|M
cheese|fromage|M
cake|gâteau|m
meat|viande|F
apple|pomme|f
tomato|tomate|f
@drinkable F
coffee|café|M
tea|thé|M
water|eau|F
bread|pain|M
milk|lait|M
@tale R
story|histoire|f
@misc X
birthday|anniversaire|m
wall|mur|m
stone|pierre|f
thief|voleur|m
photo|photo|f
money|argent|M
butterfly|papillon|m
grass|herbe|F
tree|arbre|m
street|rue|f
town|ville|f
@body X
head|tête|f
back|dos|m
stomach|ventre|m
tooth|dent|f
leg|jambe|f
arm|bras|m
hand|main|f
foot|pied|m
knee|genou|m
"""

ADJECTIVES = """
big|grand|ATLVS|b
small|petit|ATLVSFP|b
old|vieux|PATLVCSR|b
new|nouveau|TVRC|b
beautiful|beau|PTLCVA|b
young|jeune|PA|b
good|bon|FR|b
pretty|joli|CTL|b
long|long|RX|b
red|rouge|TVCS|a
blue|bleu|TVCS|a
green|vert|TVCS|a
black|noir|TVCSA|a
white|blanc|TVCSA|a
yellow|jaune|TVCS|a
gray|gris|VCSA|a
expensive|cher|TCVFLS|a
heavy|lourd|TS|a
light|léger|CT|a
clean|propre|CVS|a
dirty|sale|CVS|a
interesting|intéressant|R|a
boring|ennuyeux|R|a
funny|drôle|R|a
difficult|difficile|X|a
easy|facile|X|a
important|important|X|a
simple|simple|X|a
strange|étrange|RX|a
sad|triste|R|a
famous|célèbre|PR|a
comfortable|confortable|SV|a
modern|moderne|VL|a
quiet|calme|L|a
magnificent|magnifique|LT|a
delicious|délicieux|F|a
fresh|frais|F|a
intelligent|intelligent|PA|a
kind|gentil|P|a
rich|riche|P|a
polite|poli|P|a
serious|sérieux|P|a
"""

# Adjectives said of somebody's state or character after "be".
STATES = """
tired|fatigué
happy|heureux
sad|triste
sick|malade
ready|prêt
busy|occupé
nervous|nerveux
surprised|surpris
alone|seul
worried|inquiet
satisfied|satisfait
"""
CHARACTERS = """
tall|grand
young|jeune
kind|gentil
strong|fort
intelligent|intelligent
lazy|paresseux
serious|sérieux
polite|poli
shy|timide
curious|curieux
brave|courageux
patient|patient
rich|riche
famous|célèbre
generous|généreux
"""

"""Nouns of places, vehicles, and what is not a thing; the format is that of `nouns`."""

TABLE = """
@room L
kitchen|cuisine|f
bedroom|chambre|f
living room|salon|m
garage|garage|m
bathroom|salle de bains|f
office|bureau|m
@cleaned L
kitchen|cuisine|f
living room|salon|m
bathroom|salle de bains|f
garage|garage|m
office|bureau|m
@indoors L
house|maison|f
kitchen|cuisine|f
living room|salon|m
bedroom|chambre|f
garage|garage|m
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
post office|bureau de poste|m
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
post office|bureau de poste|m
restaurant|restaurant|m
town hall|mairie|f
beach|plage|f
bakery|boulangerie|f
library|bibliothèque|f
swimming pool|piscine|f
@nature N
river|rivière|f
lake|lac|m
forest|forêt|f
mountain|montagne|f
sea|mer|f
sky|ciel|m
moon|lune|f
@transport -
train|train|m
bus|bus|m
plane|avion|m
taxi|taxi|m
boat|bateau|m
@vehicle V
car|voiture|f
truck|camion|m
boat|bateau|m
motorcycle|moto|f
bus|bus|m
bicycle|vélo|m
@machine T
car|voiture|f
computer|ordinateur|m
radio|radio|f
bicycle|vélo|m
clock|horloge|f
washing machine|machine à laver|f
phone|téléphone|m
roof|toit|m
@sound Z
bell|cloche|f
noise|bruit|m
song|chanson|f
voice|voix|f
music|musique|F
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
@carried T
suitcase|valise|f
box|boîte|f
bag|sac|m
basket|panier|m
guitar|guitare|f
@tale R
story|histoire|f
@misc -
birthday|anniversaire|m
wall|mur|m
stone|pierre|f
photo|photo|f
money|argent|M
butterfly|papillon|m
grass|herbe|F
tree|arbre|m
street|rue|f
"""

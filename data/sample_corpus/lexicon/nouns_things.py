"""Nouns of things; the format is that of `nouns`."""

TABLE = """
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
@small R
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
@present T
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
@readable R
book|livre|m
newspaper|journal|m
letter|lettre|f
magazine|magazine|m
novel|roman|m
poem|poème|m
message|message|m
article|article|m
@work R
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
mat|tapis|m
mat|tapis|m
mat|tapis|m
mat|tapis|m
mat|tapis|m
chair|chaise|f
sofa|canapé|m
bed|lit|m
bench|banc|m
stool|tabouret|m
cushion|coussin|m
floor|sol|m
blanket|couverture|f
@soft S
mat|tapis|m
mat|tapis|m
mat|tapis|m
sofa|canapé|m
bed|lit|m
cushion|coussin|m
blanket|couverture|f
chair|chaise|f
@wide S
mat|tapis|m
mat|tapis|m
sofa|canapé|m
bed|lit|m
bench|banc|m
floor|sol|m
blanket|couverture|f
@perch S
chair|chaise|f
chair|chaise|f
sofa|canapé|m
bed|lit|m
bench|banc|m
stool|tabouret|m
floor|sol|m
mat|tapis|m
@couch S
bed|lit|m
bed|lit|m
sofa|canapé|m
sofa|canapé|m
bench|banc|m
@furniture S
cupboard|placard|m
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
"""

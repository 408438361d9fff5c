"""Adjectives: english | french | classes of nouns they fit | b before or a after the noun."""

from data.sample_corpus.text import word_set

ATTRIBUTIVE = """
big|grand|ATLVS|b
small|petit|ATLVSF|b
little|petit|Y|b
old|vieux|PATLVCSR|b
new|nouveau|TVRC|b
beautiful|beau|TLCVAN|b
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
strange|étrange|RXZ|a
sad|triste|R|a
famous|célèbre|R|a
comfortable|confortable|SV|a
modern|moderne|VL|a
quiet|calme|L|a
magnificent|magnifique|LTN|a
delicious|délicieux|F|a
fresh|frais|F|a
intelligent|intelligent|PYA|a
kind|gentil|PY|b
rich|riche|P|a
polite|poli|PY|a
serious|sérieux|P|a
"""

# english | letters of classes | the only nouns of these classes with which it makes sense
ONLY = """
heavy|T|suitcase,box,bag,basket,computer,dictionary,mirror,clock,book
heavy|S|table,armchair,desk,wardrobe
expensive|F|cake,cheese,meat,fish,wine,chicken,ham,honey,chocolate
easy|X|question,problem,lesson,sentence,exercise,exam,rule,answer,text,word
difficult|X|question,problem,lesson,sentence,exercise,exam,rule,answer,text,word,trip
light|TC|suitcase,box,bag,basket,jacket,coat,dress,sweater,shirt,bicycle
expensive|L|house,apartment,hotel,castle,restaurant
expensive|T|watch,phone,suitcase,lamp,ticket,gift,computer,guitar,mirror,dictionary,painting,\
clock,ring,bicycle,pen,umbrella,bag,rose,doll,book,radio,washing machine,car
expensive|S|table,chair,bed,armchair,sofa,desk,wardrobe,lamp,mirror,mat
modern|L|house,apartment,hotel,school,museum,library,hospital,bridge,office,kitchen,bathroom,\
station,airport,bank,theater,stadium,post office,town hall,supermarket,city,swimming pool
modern|V|car,truck,bus,train,plane,boat
quiet|L|bedroom,living room,house,apartment,hotel,church,library,village,island,garden,park,\
beach,city,restaurant,office
pretty|L|house,apartment,castle,church,village,city,island,garden,park,kitchen,bedroom,\
living room,bridge,hotel,beach
pretty|T|watch,lamp,gift,toy,basket,mirror,candle,painting,ring,box,flower,rose,doll,cup,glass,\
plate,bowl,bottle,umbrella,bag,notebook
beautiful|L|house,apartment,castle,church,village,city,island,garden,park,kitchen,bedroom,\
living room,bridge,hotel,beach,museum,library,cathedral,theater,zoo,town hall
beautiful|T|watch,lamp,gift,toy,basket,mirror,candle,painting,ring,box,flower,rose,doll,book,\
bicycle,guitar,clock,pen,suitcase,bag,glass,bowl,photo,tree
beautiful|V|car,boat,motorcycle,bicycle
beautiful|A|cat,dog,horse,bird,kitten,puppy,rabbit,lion,fox,wolf
magnificent|L|castle,church,cathedral,museum,house,hotel,garden,park,island,city,village,\
library,theater,bridge,beach
magnificent|T|painting,ring,watch,mirror,lamp,guitar,gift,flower,rose,clock,photo,tree
famous|R|book,novel,poem,song,film,story,play
comfortable|S|chair,bed,bench,sofa,armchair,stool,cushion
comfortable|V|car,bus,train,boat,plane,bicycle
fresh|F|apple,orange,banana,pear,peach,strawberry,cherry,lemon,egg,tomato,carrot,mushroom,\
bread,cheese,fish,milk,butter,cream,meat,salad
delicious|F|apple,orange,banana,pear,peach,strawberry,cherry,cake,sandwich,cookie,tomato,bread,\
cheese,meat,soup,salad,chicken,chocolate,fish,ham,jam,honey,wine,coffee,tea,orange juice,\
lemonade,meal,dinner
small|F|apple,orange,banana,pear,peach,strawberry,egg,cake,sandwich,tomato,carrot,cookie,\
potato,onion,mushroom,lemon,fish,salad
intelligent|A|dog,cat,horse,monkey,elephant,fox,puppy,kitten
old|A|cat,dog,horse,cow,bird,rabbit,sheep,goat,donkey,lion,bear,monkey,elephant,wolf
young|A|cat,dog,horse,bird,rabbit,goat,donkey,lion,bear,monkey,elephant,wolf,fox
old|T|book,key,bag,umbrella,watch,phone,suitcase,box,lamp,toy,computer,guitar,basket,mirror,\
notebook,dictionary,painting,wallet,bicycle,clock,ring,plate,bottle,door,window,tree,photo,\
radio,roof,washing machine,doll,car
long|X|question,answer,word,name,lesson,sentence,exercise,trip,text,meeting,exam,interview
long|R|letter,novel,poem,message,article,story,song,film,book,match,concert,play
red|T|book,bag,umbrella,pen,pencil,suitcase,box,lamp,toy,candle,notebook,wallet,bicycle,flower,\
rose,ball,cup,plate,bowl,door,car,basket
blue|T|book,bag,umbrella,pen,pencil,suitcase,box,lamp,toy,candle,notebook,wallet,bicycle,\
flower,ball,cup,plate,bowl,door,car
green|T|book,bag,umbrella,pen,pencil,suitcase,box,lamp,toy,candle,notebook,bicycle,ball,cup,\
plate,bowl,door,car,bottle
black|T|book,bag,umbrella,pen,pencil,suitcase,box,lamp,phone,computer,notebook,wallet,bicycle,\
door,car
white|T|box,lamp,phone,computer,candle,bicycle,flower,rose,plate,cup,bowl,door,car,bag
yellow|T|book,bag,umbrella,pencil,box,lamp,toy,candle,notebook,bicycle,flower,rose,ball,cup,\
plate,bowl,car
black|A|cat,dog,horse,bird,rabbit,kitten,puppy,sheep,goat,hen
white|A|cat,dog,horse,bird,rabbit,kitten,puppy,mouse,goat,hen,duck
gray|A|cat,dog,horse,bird,rabbit,kitten,mouse,donkey,wolf,elephant
sad|R|story,song,film,poem,book,novel,letter,play
boring|R|story,film,book,novel,article,play,match,concert,magazine
"""
# One does not say "very" of these.
ABSOLUTE = word_set("magnificent delicious excellent wonderful")
# Said after "be", but seldom of what is bought, sold or seen.
PREDICATIVE = word_set("clean dirty")

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

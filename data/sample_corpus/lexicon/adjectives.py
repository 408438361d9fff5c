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
gray|gris|TVCSA|a
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
heavy|T|suitcase,box,bag,basket,computer,dictionary,mirror
heavy|S|table,armchair,desk,wardrobe
expensive|F|cheese,meat,fish,wine,chicken,ham,honey,chocolate
easy|X|question,problem,lesson,sentence,exercise,exam,rule,word,text
difficult|X|question,problem,lesson,sentence,exercise,exam,rule,word,text
important|X|question,problem,lesson,rule,exam,meeting,word,name,answer,trip,interview
simple|X|question,problem,lesson,sentence,exercise,rule,answer,word,text,idea
strange|X|question,answer,idea,name,word,sentence,trip
strange|R|story,song,film,book,letter,message,poem,novel,play
strange|Z|noise,song,voice
light|TC|suitcase,box,bag,basket,bicycle
expensive|L|house,apartment,hotel,restaurant
expensive|T|watch,phone,suitcase,lamp,gift,computer,guitar,mirror,dictionary,painting,\
clock,ring,bicycle,umbrella,bag,doll,radio,washing machine,car
expensive|S|table,bed,armchair,sofa,desk,wardrobe
expensive|V|car,boat,motorcycle,bicycle
modern|L|house,apartment,hotel,school,museum,library,hospital,bridge,station,airport,bank,theater,\
stadium,city
modern|V|car,truck,bus,boat
quiet|L|bedroom,house,apartment,hotel,library,village,island,garden,park,beach,restaurant
pretty|L|house,apartment,castle,church,village,city,island,garden,park,bedroom,living room,bridge
pretty|T|watch,lamp,gift,toy,basket,mirror,candle,painting,ring,box,flower,rose,doll,cup,glass,\
plate,bowl,umbrella,bag,notebook
beautiful|L|house,apartment,castle,church,village,city,island,garden,park,bridge,hotel,beach,\
museum,\
library,cathedral,theater
beautiful|T|watch,lamp,gift,mirror,candle,painting,ring,box,flower,rose,doll,book,bicycle,guitar,\
clock,photo,tree
beautiful|V|car,boat,motorcycle,bicycle
beautiful|A|cat,dog,horse,bird,kitten,rabbit,lion,fox
magnificent|L|castle,church,cathedral,museum,house,garden,park,island,city,theater,bridge,beach
magnificent|T|painting,ring,watch,mirror,flower,rose,clock,photo,tree
famous|R|book,novel,poem,song,film,play
comfortable|S|chair,bed,sofa,armchair,cushion
comfortable|V|car,bus,boat,bicycle
fresh|F|apple,orange,pear,peach,strawberry,cherry,egg,tomato,carrot,mushroom,\
bread,cheese,fish,milk,butter,cream,meat,salad
delicious|F|apple,orange,pear,peach,strawberry,cherry,cake,sandwich,cookie,tomato,bread,\
cheese,meat,soup,salad,chicken,chocolate,fish,ham,jam,honey,wine,coffee,tea,lemonade,meal,dinner
good|F|apple,orange,pear,peach,cake,sandwich,cookie,bread,cheese,meat,soup,salad,chicken,chocolate,\
fish,ham,jam,honey,wine,coffee,meal,dinner
good|R|book,novel,film,story,song,poem,article,play,match,concert
big|F|apple,orange,pear,egg,cake,sandwich,tomato,fish,salad,potato,meal
small|F|apple,orange,pear,egg,cake,sandwich,tomato,fish,salad,potato,meal
big|T|suitcase,box,bag,basket,mirror,clock,umbrella,lamp,dictionary,book,bottle,plate,bowl,knife,\
tree,door,window,ball,painting,gift,doll,car
small|T|suitcase,box,bag,basket,mirror,clock,lamp,book,notebook,bottle,plate,bowl,cup,knife,key,\
toy,\
ball,radio,computer,painting,candle,door,window,tree,gift,doll,car
big|S|table,bed,sofa,armchair,desk,wardrobe,shelf,cupboard,cushion,blanket,bench,chair,mat
small|S|table,bed,sofa,armchair,desk,wardrobe,shelf,cupboard,cushion,bench,stool,chair,mat
big|V|car,truck,boat,motorcycle,bicycle,bus
small|V|car,truck,boat,motorcycle,bicycle,bus
big|L|house,apartment,hotel,castle,church,school,museum,library,hospital,bridge,garden,park,city,\
village,bedroom,kitchen,living room,garage,station,airport,supermarket,market,stadium,island
small|L|house,apartment,hotel,castle,church,school,museum,library,hospital,bridge,garden,park,city,\
village,bedroom,kitchen,bathroom,living room,garage,station,bakery,pharmacy,restaurant,bookstore,\
island
old|L|house,hotel,castle,church,school,museum,library,hospital,bridge,station,theater,city,village,\
cathedral,apartment
big|A|dog,cat,horse,cow,bird,rabbit,pig,hen,duck,lion,bear,monkey,elephant,wolf,snake,fish,goat
small|A|dog,cat,horse,bird,rabbit,mouse,pig,hen,duck,monkey,snake,goat,donkey,fox,kitten,puppy
intelligent|A|dog,cat,horse,monkey,elephant,fox
old|A|cat,dog,horse,cow,donkey,lion,bear,monkey,elephant,wolf
young|A|cat,dog,horse,rabbit,goat,donkey,lion,bear,monkey,elephant,wolf,fox
old|T|book,key,bag,umbrella,watch,phone,suitcase,box,lamp,toy,computer,guitar,basket,mirror,\
notebook,dictionary,painting,wallet,bicycle,clock,ring,door,window,tree,photo,radio,roof,\
washing machine,doll,car
new|T|book,key,bag,umbrella,watch,phone,suitcase,lamp,toy,computer,guitar,mirror,\
notebook,dictionary,wallet,bicycle,pen,clock,radio,washing machine,ball,doll,car
new|R|book,novel,film,song,message,magazine,article,play
old|R|book,novel,film,song,letter,magazine,newspaper,poem,story,play
old|S|table,chair,bed,sofa,armchair,desk,wardrobe,mat,bench,stool,cushion,blanket,cupboard
long|X|question,answer,word,name,lesson,sentence,exercise,trip,text,meeting,exam,interview
long|R|letter,novel,poem,message,article,story,song,film,book,match,concert,play
red|TS|bag,umbrella,pen,pencil,suitcase,box,lamp,toy,candle,notebook,wallet,bicycle,flower,\
rose,ball,cup,plate,bowl,door,car,basket,mat,chair,sofa,armchair,cushion,blanket,bench,stool
blue|TS|bag,umbrella,pen,pencil,suitcase,box,lamp,toy,candle,notebook,wallet,bicycle,\
flower,ball,cup,plate,bowl,door,car,mat,chair,sofa,armchair,cushion,blanket,bench,stool
green|TS|bag,umbrella,pen,pencil,suitcase,box,lamp,toy,candle,notebook,bicycle,ball,cup,\
plate,bowl,door,car,bottle,mat,chair,sofa,armchair,cushion,blanket,bench,stool
black|TS|bag,umbrella,pen,pencil,suitcase,box,lamp,phone,computer,notebook,wallet,bicycle,\
door,car,mat,chair,sofa,armchair,cushion,table,desk
white|TS|box,lamp,phone,computer,candle,bicycle,flower,rose,plate,cup,bowl,door,car,bag,mat,chair,\
sofa,armchair,cushion,blanket,table,bench
yellow|TS|bag,umbrella,pencil,box,lamp,toy,candle,notebook,bicycle,flower,rose,ball,cup,\
plate,bowl,car,mat,chair,cushion,blanket,sofa,armchair
gray|TS|mat,sofa,armchair,cushion,blanket,chair,door,bag,suitcase,car
black|A|cat,dog,horse,bird,rabbit,kitten,puppy,sheep,goat,hen
white|A|cat,dog,horse,bird,rabbit,kitten,puppy,mouse,goat,hen,duck
gray|A|cat,dog,horse,bird,rabbit,kitten
red|V|car,truck,boat,motorcycle,bicycle,bus
blue|V|car,truck,boat,motorcycle,bicycle,bus
yellow|V|car,truck,boat,motorcycle,bicycle,bus
sad|R|story,song,film,poem,book,novel,letter,play
funny|R|story,song,film,poem,book,novel,letter,play,message,article
interesting|R|story,film,book,novel,article,play,newspaper,magazine,match,letter
boring|R|story,film,book,novel,article,play,match,concert,magazine
young|P|man,woman,lady,student,tourist,teacher,doctor,nurse,baker,farmer,lawyer,cook,waiter,\
waitress,singer,actor,actress,writer,painter,musician,journalist,hairdresser,policeman,soldier
old|P|man,woman,lady,teacher,doctor,baker,farmer,lawyer,cook,waiter,singer,actor,writer,painter,\
musician,gardener,postman,judge,neighbor
"""
# One does not say "very" of these.
ABSOLUTE = word_set("magnificent delicious excellent wonderful")
# What tells a thing from others of its kind: only these stand between "the" and a noun.
IDENTIFYING = word_set(
    "big small little old new young long heavy difficult easy "
    "red blue green black white yellow gray"
)
# Said after "be", but seldom of what is bought, sold or seen.
PREDICATIVE = word_set("clean dirty rich polite serious intelligent")

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

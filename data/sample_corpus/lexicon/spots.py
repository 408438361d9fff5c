"""Where things lie and animals are, inside a house and around it."""

# What lies somewhere | where, as preposition:nouns.
SPOTS = """
key,pen,pencil,phone,wallet,ticket,book,notebook,watch,toy,photo,magazine,newspaper,letter|on:table,desk,chair,shelf,bed;on:table,desk,sofa;in:drawer,\
bag,box,car,office;in:kitchen,bedroom,living room,suitcase;under:bed,chair,newspaper;\
next_to:lamp,computer,phone
tableware|on:table;on:table,shelf;in:cupboard,kitchen,box;in:kitchen,cupboard,basket;next_to:lamp,\
computer
clothing,shoes|on:bed,chair,sofa,floor;in:wardrobe,suitcase,bedroom,bag;in:wardrobe,car;\
under:bed,chair;behind:door,sofa;next_to:bed
cat,dog,kitten,puppy|on:mat,sofa,bed,chair,cushion,blanket;on:mat,mat,floor;under:table,bed,chair,desk;\
in:garden,kitchen,living room,bedroom,garage,car;behind:door,sofa,house,tree;\
near:door,window,river;in_front_of:door,house,window
dish|on:table;in:kitchen,basket,bag,box
dictionary,computer|on:desk,table,shelf;in:office,bedroom;next_to:lamp,phone
guitar|in:bedroom,living room,car;behind:door,sofa,armchair;on:bed,sofa;next_to:bed,armchair
lamp,clock|on:desk,table,shelf;in:bedroom,kitchen,living room;next_to:bed,sofa,computer
suitcase,basket,box,bag,umbrella|under:table,bed;behind:door;in:garage,car,bedroom,kitchen;\
near:door,window
flower,rose,candle|on:table;near:window;in:living room,kitchen,box,basket
bird|in:garden,tree,park;on:roof,wall
horse,cow,sheep,goat|behind:house;near:river;in_front_of:house
"""
# english preposition | french
PREPOSITIONS = {
    "on": ("on/a", "sur/a"),
    "in": ("in/a", "dans/a"),
    "under": ("under/a", "sous/a"),
    "near": ("near/a", "près/a de/a"),
    "behind": ("behind/a", "derrière/a"),
    "in_front_of": ("in/a front/a of/a", "devant/a"),
    "next_to": ("next/a to/a", "à/a côté/a de/a"),
}

"""What people want, can, must, and do one thing after another, as lists of verb frames.

A list is separated by commas; ":" puts other complements in the place of the frame's, whose classes
"+" joins, and "-" denies. A verb without ":" has any of its frames that fit.
"""

# english | french with its preposition | s the past is an imparfait | what one so wants, hopes or
# does | what one does not want. "@" is anything that one usually does.
CONTROL = """
want|vouloir|s|buy,sell,visit,see,read,watch,eat,drink,call,invite,help,travel,go,sleep,rest,\
leave,take a walk,swim,dance,sing,study,write,send,show,repair,stay,go to bed:,find,learn|sell,eat,\
work,leave,go,go to bed:,sing,dance,study,invite,help,talk to,get up:,lend,swim,answer,watch,stay
hope|espérer|s|visit,find,see,travel,sell,buy,go,meet,watch,come back,take a walk,swim,build|
like|aimer|s|@|@
hate|détester|s|clean:o cleaned d,wash:o glass+plate+cup D,study,work,drive:,dance:,sing:,run:,\
wait for:o bus+train d,get up:x early/b=tôt/b,travel:,swim:|
prefer|préférer|s|rest,stay:x at/a home/a=à/a la/a maison/a,travel:,swim:,walk:,\
take:o train+bus d,listen to,watch:x television/a=la/b télévision/a,go to bed:x early/b=tôt/b,\
read:o novel+magazine+poem b,eat:o fruit b,work:x at/a home/a=à/a la/a maison/a|
have|devoir|s|call,clean,wash,work,study,repair,leave,wait for,go,help,answer,write:o letter i;i,\
prepare,take care of,feed,take:o train+bus+taxi d,sell,return,get up:x early/b=tôt/b,explain,\
close|
need|avoir besoin de|s|rest:,sleep,work:,study:,call:o doctor d,talk to,\
buy:o food+spread+clothing i,\
sell:o car+house+bicycle p,wash,clean,repair:o car+computer p|rest:,work:,sell:o car+house p,\
call:o doctor d,take:o taxi d
try|essayer de||open:o door+window+box+bottle d,repair,find:o small p,call,explain,help,sleep,\
read:o novel+poem+article i,understand,sell,catch,study,draw,answer|
decide|décider de||buy,sell,visit,leave:,travel,invite,build,stay,help,call,repair,go,rest:,\
study,take:o train+bus+taxi d,return,go to bed:|
forget|oublier de||close,call,send:o letter+message+photo d;i,bring,feed,buy:o food+spread i,\
buy:o fruit+vegetable I,answer,\
wash,take:o umbrella+key+ticket p,clean,invite,repair:o car+bicycle+radio p|
start|commencer à||read,write,clean,prepare,repair,build,study,work:,dance:,sing:,cry:,laugh:,\
draw|
learn|apprendre à||swim:,drive:,draw:,dance:,read:,write:,sing:,repair:o car+bicycle+computer b|
refuse|refuser de||help,talk to,lend,sell,eat:o soup+salad+fish+meat d,answer,work:,leave:,sing:,\
dance:,invite,go to bed:,explain,wait for:o friend+cousin+brother p|
promise|promettre de||call,help,write:o letter+message i;i,come back:x soon/b=bientôt/b,bring,give,\
repair,invite,show,clean,wash,feed,prepare:x dinner/a=le/b dîner/a,wait for,send,take care of,\
tell,lend,explain|
"""

# What one can do, should do and must not do.
ABLE = (
    "help,explain,repair,lend,take:o train+bus+taxi d,stay,go,bring,show,swim,drive,prepare,carry,"
    "open,answer,sleep:p on sur couch d,read:o newspaper+letter+message d,call,"
    "take care of,wait for"
)
UNABLE = (
    "sleep,find:o small p,open,understand,repair,answer,swim,drive:,go,help,leave:,carry,"
    "sell:o car+house+bicycle p,explain,read:o letter+message+poem d,come back:x today/b="
    "aujourd'hui/b"
)
DONE = (
    "repair,find:o small p,sleep,open,answer,help,buy:o bread+fish+cheese i,sell,go,visit,explain,"
    "catch:o ball+thief d,take:o train+bus d,call,understand"
)
DUTIES = (
    "call,clean,wash,work:,study,rest:,go to bed:,get up:,leave:,answer,help,talk to,wait for,"
    "take:o train+bus+taxi d,go,return,repair,prepare,feed,take care of,write:o letter+message i;i,"
    "explain,close,stay:x at/a home/a=à/a la/a maison/a,buy:o bread+milk+"
    "meat i,bring,send:o letter+message+photo d;i,read:o letter+article+message d"
)
FORBIDDEN = (
    "forget:o key+umbrella+ticket+phone p,lose:o key+wallet+ticket+phone p,break:o glass+plate+"
    "mirror+window d,drive:,open,drink:o coffee+wine+beer i,eat:o cake+sandwich+cheese d,cry:,run:,"
    "sell:o house+car+boat p,leave:,talk to,make fun of:o neighbor+tourist d,"
    "miss:o train+bus+plane d,lend,"
    "follow:o man+woman+lady d,go:x to/a the/b beach/c=à/a la/b plage/c,"
    "swim:p in dans river+lake d,close:o door+window d,wash:o sweater+dress p"
)

# What one asks leave to do.
MAY = (
    "open:o window+door+letter+gift+box+drawer dm,close:o door+window+drawer d,enter:o kitchen+"
    "bedroom+house+church+castle d,take:o chair+pen+book+umbrella+key+newspaper dm,read:o letter+"
    "newspaper+message+article+magazine dm,watch:x television/a=la/b télévision/a,"
    "watch:o film+match d,"
    "drink:o water+coffee+tea+milk i,eat:o snack+food i,listen to:x the/a radio/b=la/a radio/b,"
    "leave:,sit down:,sit on:o chair+bench+sofa+stool m,invite:o friend+colleague+cousin+brother p,"
    "look at:o photo+painting dm,go to bed:,rest:,help:o family p,"
    "cut:o cake+bread+meat d,feed:o cat+dog+horse+bird d,visit:o castle+museum+church+garden dm,"
    "draw:o cat+horse+house+flower i,sleep:p on sur sofa d,choose:o present+cake i,"
    "go:g2,see:o photo+painting+letter dm,call:o doctor d,sing:x a/a song/b=une/a chanson/b"
)

# What one hopes that somebody else will do.
HOPES = (
    "call,come back,help,answer,write:o letter+message i;i,invite,visit,sell,repair,leave:,"
    "buy:o car+house+bicycle i,find:o small p,bring,learn,wait for:o friend+cousin+brother p,"
    "come back:x soon/b=bientôt/b,explain,prepare:x dinner/a=le/b dîner/a,arrive:g3"
)

# What one did as a child.
YOUNG = (
    "play:l,swim,read:o novel+poem+magazine+book b,draw:o horse+cat+flower+house+boat+tree b,"
    "watch:x television/a=la/b télévision/a,dance:,sing:x songs/b=des chansons/b,eat:o fruit+"
    "cookie+cake b,drink:x milk/b=du lait/b,sleep:x a/a lot/a=beaucoup/a,take a walk,"
    "listen to:x music/b=de la musique/b,go:x to/a the/b beach/c=à/a la/b plage/c,"
    "go:x to/a the/b swimming/c pool/c=à/a la/b piscine/c,go:x to/a the/b park/c=au/ab parc/c,"
    "feed:o hen+duck+rabbit+cat+horse D,cry:x a/a lot/a=beaucoup/a,travel:l3,run:p in dans "
    "forest+garden+park d,write:o letter+poem b,help:o grandmother+grandfather+mother p,"
    "go to bed:x early/b=tôt/b,get up:x early/b=tôt/b,play:x football/b=au/b football/b"
)

# What has a day of its own.
DATED = (
    "leave:,arrive:g3,visit:o museum+castle+church+city d,come back:p from de town d,go:g,"
    "buy:o car+bicycle+house+sofa+computer m,sell:o car+house+boat+bicycle p,call:o family p,"
    "send:o letter+message+photo d;i,repair:o machine d,write:o letter+message+poem m,"
    "clean:o cleaned d,travel:l3,invite:o family p,return:g,wake up:,leave:o house+office d"
)

# What one has never done.
NEVER = (
    "see:o wild i,see:o royal d,drive:o truck+bus i,visit:o museum+castle+cathedral+city m,"
    "write:o novel+poem+book+article i,eat:o mushroom+onion+pear i,eat:o fish+rice+meat+honey i,"
    "drink:o wine+beer+coffee i,swim:p in dans sea+lake d,travel:l3,take:o plane+train d,"
    "meet:o singer+actor+actress+writer i,read:o newspaper+novel+poem m,wear:o tie+hat+skirt i,"
    "break:o plate+glass+cup+mirror i,repair:o bicycle+car+radio+computer i,"
    "feed:o horse+cow+duck i,"
    "miss:o plane+train d,play:x football/b=au/b football/b,lose:o key+phone+wallet p"
)

# The same verb of other things of a kind, so that two halves have to do with each other.
CONTRASTS = (
    "eat:o snack i,eat:o food i,drink:o drink i,read:o book+newspaper+magazine+novel i,"
    "buy:o clothing i,"
    "buy:o furniture i,buy:o fruit+vegetable I,choose:o clothing d,choose:o present d,"
    "take:o transport d,visit:o museum+castle+church+zoo+cathedral d,lose:o small p,"
    "forget:o small p,"
    "clean:o cleaned d,write:o letter+poem+article+message i,go:g,travel:l3,draw:o horse+cat+tree+"
    "house+boat+flower i,prepare:o salad+cake+soup i,watch:o film+match i,receive:o letter+gift+"
    "message i,repair:o machine d,work:l,arrive:g3,sell:o car+house+boat+bicycle p,"
    "see:o wild i,break:o tableware i,wear:o clothing i,open:o door+window+box+drawer d"
)

# What one must do before somebody comes or wakes up.
IN_TIME = (
    "leave:,eat:,clean:o cleaned d,prepare:x dinner/a=le/b dîner/a,wash:o plate+glass+cup D,"
    "close:o door+window+suitcase d,hide:o gift+money+letter+photo d,call:o family p,"
    "write:o letter+message i,read:o letter+message+newspaper d,prepare:o cake+meal+soup+salad i,"
    "repair:o car+radio+bicycle+computer d,feed:o cat+dog p,go to bed:,buy:o bread+gift i,"
    "open:o window d"
)

# What one may be happy, ready or surprised to do.
FEELINGS = """
happy|content de|visit,meet:o singer+actress+writer+actor i,travel,help,invite,swim,dance,see,\
take a walk,go,leave:,buy,rest,find:o small p,receive:o letter+gift+message+photo i
ready|prêt à|leave:,go,work:,help,sell:o car+bicycle+house p,travel,answer,take:o train+plane d,\
learn:x French/b=le français/b,sing,wait for
surprised|surpris de|see:o fox+rabbit+duck+horse i,find:o key+wallet+ring+watch i,\
receive:o letter+gift+message+photo i,hear:o noise+voice+song i,meet:o boss+cousin+neighbor p
"""

# english | french | what it is so to do.
IMPERSONAL = """
difficult|difficile|find:o apartment+house i,repair,sleep,draw:o horse+bird+castle i,understand,\
explain:o rule+problem+question d,sell:o house+boat d,open:o bottle+box+suitcase d,answer
easy|facile|find:o hotel+restaurant+taxi i,repair:o bicycle+radio d,prepare:o salad+soup+cake i,\
understand,explain:o rule+lesson+exercise d,answer,open:o box+window+suitcase d,\
draw:o cat+flower+house i
important|important|study,sleep:,rest:,read:o text+article+message+letter d,answer,work:,\
understand,close:o door+window d,explain:o rule+problem d
possible|possible|visit:o museum+castle+church+cathedral dm,take:o train+bus+taxi+boat d,swim,\
repair:o car+radio+computer+roof d,buy:o fruit+flower I,find:o taxi+hotel i,open:o window d
impossible|impossible|sleep:,work:,study:,repair:o car+radio+computer+roof d,find:o taxi+hotel i,\
open:o door+window+box d,understand,read:o letter+message d,answer,forget:o song+story+trip d,\
sell:o house+boat d
dangerous|dangereux|swim,drive:,walk:p in dans forest d,run:p in dans street d,\
climb on:o roof+wall d
necessary|nécessaire|work:,close:o door+window d,call:o doctor d,repair:o roof+car d,\
clean,answer,take:o taxi+train d
"""

# What one does and then does: "first|next".
SEQUENCES = """
get up:,wake up:|drink:o coffee+tea+milk i,open:o window d,listen to:x the/a radio/b=la/a radio/b,\
prepare:x breakfast/a=le/b petit/b déjeuner/a,read:x the/a newspaper/b=le/a journal/b
come back:p from de town d,come back:p from de shop d|prepare:x dinner/a=le/b dîner/a,rest:,\
close:o window d,call:o family p,go to bed:,drink:o coffee+tea+lemonade i,feed:o cat+dog p
open:o window d|look at:o sky+sea+moon+river d,listen to:o bird D,call:o family p
sit on:o perch d|read:o newspaper+book+letter+magazine i,drink:o coffee+tea i,smile:,\
eat:o sandwich+apple+pear i,listen to:x music/b=de la musique/b
lie down on:o couch d|fall asleep:,listen to:x the/a radio/b=la/a radio/b,\
read:o novel+magazine i
wash:o plate+glass+cup D,clean:o cleaned d,feed:o cat+dog p|prepare:x dinner/a=le/b dîner/a,\
go to bed:,rest:,take a walk,watch:x television/a=la/b télévision/a,call:o family p
eat:o snack+food i|drink:o drink i,read:x the/a newspaper/b=le/a journal/b,go to bed:,rest:,\
wash:o plate+glass D
prepare:o salad+cake+meal+soup i|call:o family p,invite:o family p,wash:o plate+glass D,\
clean:o kitchen d
go:x to/a the/b market/c=au/ab marché/c|buy:o fruit+vegetable+flower I,buy:o fish+cheese+meat i
go:x to/a the/b bakery/c=à/a la/b boulangerie/c|buy:o bread+cake+cookie+sandwich i
go:x to/a the/b beach/c=à/a la/b plage/c|swim:p in dans sea d,rest:,read:o novel+magazine i
go:x to/a the/b park/c=au/ab parc/c|rest:,read:o book+newspaper i,meet:o friend+neighbor p
go:x to/a the/b restaurant/c=au/ab restaurant/c|eat:o fish+meat+soup+chicken+salad i,\
drink:o wine+coffee+beer i
go:x to/a the/b cinema/c=au/ab cinéma/c|watch:o film i
go:x to/a the/b library/c=à/a la/b bibliothèque/c|read:o newspaper+book+article i,study:,work:
go:x to/a the/b station/c=à/a la/b gare/c|take:o train d,wait for:o train+bus d,wait for:o family p
take a walk,swim|drink:o lemonade+water i,rest:,meet:o friend+neighbor+colleague p,\
eat:o sandwich+apple+peach+banana i
study|go to bed:,watch:x television/a=la/b télévision/a,take a walk,rest:
close:o door+window d|leave:,go to bed:,sit down:,fall asleep:
find:o key p,take:o key d|open:o door+box+suitcase+drawer d,close:o door d
lose:o wallet+phone+key+ticket p|cry:,call:o family p
"""

# What one does at home while somebody else does something.
AT_HOME = (
    "eat:o snack+food i,drink:o coffee+tea+milk i,read:o newspaper+book+magazine+novel i,"
    "write:o letter+poem+message i,clean:o cleaned d,wash:o plate+glass+cup D,wash:o car p,"
    "sleep:p on sur couch d,prepare:x dinner/a=le/b dîner/a,prepare:o salad+cake+meal+soup i,"
    "watch:x television/a=la/b télévision/a,listen to:x the/a radio/b=la/a radio/b,listen to:"
    "x music/b=de la musique/b,study:x history/b=l' histoire/b,rest:x in/a the/b garden/c="
    "dans/a le/b jardin/c,work:x in/a the/b garden/c=dans/a le/b jardin/c,sing:x a/a song/b="
    "une/a chanson/b,dance:x in/a the/b kitchen/c=dans/a la/b cuisine/c,repair:o radio+computer+"
    "bicycle+clock d,look for:o small p,cut:o bread+cake+meat d,feed:o cat+dog p"
)
AWAY = (
    "play,swim,take a walk,walk:p in dans forest+park d,work:x at/a the/b office/c=au/ab bureau/c,"
    "wait for:o bus+train+taxi d,visit:o museum+castle+church d,buy:o fruit+flower I,"
    "buy:o clothing i,"
    "have fun,run:p in dans park d,help:o family p"
)

# What one does on coming home, and on waking up.
ON_RETURN = (
    "prepare:x dinner/a=le/b dîner/a,rest:,call:o family p,feed:o cat+dog p,go to bed:,"
    "drink:o coffee+tea+lemonade i,watch:x television/a=la/b télévision/a,wash:o plate+glass D,"
    "listen to:x music/b=de la musique/b,open:o window d,eat:o snack+food i,open:o gift+letter d,"
    "clean:o cleaned d,read:o letter+message d"
)
ON_WAKING = (
    "drink:o coffee+tea+milk i,eat:o food+snack i,open:o window d,listen to:x the/a radio/b="
    "la/a radio/b,prepare:x breakfast/a=le/b petit/b déjeuner/a,call:o family p,feed:o cat+dog p,"
    "read:x the/a newspaper/b=le/a journal/b,drink:o water i,wash:o plate+glass+cup D"
)

# "before" and "without": what one does first or leaves undone | what one does then.
BEFORE = """
close:o door+window d|leave:,go to bed:,fall asleep:
read:o newspaper+letter+message+magazine d,drink:o milk+tea+water i,call:o family p,\
wash:o plate+glass+cup D,feed:o cat+dog p,listen to:x the/a radio/b=la/a radio/b|go to bed:,\
leave:,work:,study:
wash:o apple+tomato+carrot+potato D,buy:o vegetable I|prepare:x dinner/a=le/b dîner/a,\
prepare:o salad+soup+meal i
clean:o cleaned d|invite:o family p,prepare:x dinner/a=le/b dîner/a,go to bed:,leave:,rest:
drink:o coffee+tea i,eat:o snack i,prepare:x breakfast/a=le/b petit/b déjeuner/a|leave:,work:,\
read:x the/a newspaper/b=le/a journal/b,take a walk
study|play:,take a walk,watch:x television/a=la/b télévision/a,eat:,go to bed:
repair:o car+bicycle p,wash:o car p,prepare:o sandwich+cake+salad i|leave:
take:o umbrella+key+bag+ticket p|leave:,take a walk
visit:o museum+castle+church d|eat:,leave:,buy:o gift i
read:o letter+message d|answer:,call:o family p
"""
WITHOUT = """
leave:,leave:o house+office+hotel d|close:o door+window d,take:o umbrella+key+bag+phone p,\
call:o family p,drink:o coffee+tea d,help:o family p,look at:o painting+photo d,feed:o cat+dog p,\
eat:,smile:,take:o umbrella+key d
go to bed:|close:o door+window d,wash:o plate+glass+cup D,eat:,call:o family p,feed:o cat+dog p,\
study:,read:x the/a newspaper/b=le/a journal/b,clean:o kitchen d
come back:|visit:o museum+castle+church+cathedral d,call:o family p,take:o bus+train d
answer:,listen to:o song d|smile:,laugh:,cry:,look at:o family p
study:,work:|eat:,drink:,rest:,sleep:,listen to:x music/b=de la musique/b
"""

"""What people do in which state: the verbs that make sense together."""

# english verb phrase | french | verbs whose frames fit, "-" before those that fit when denied;
# after ":" come the complements that replace the frame's, classes joined by "+".
CAUSES = """
be tired|être fatigué|rest,sit down,sit on,go to bed,fall asleep:,-work,-dance,-run,-drive:
be hungry|avoir faim|eat,eat,prepare,prepare:x dinner/a=le/b dîner/a,cut:o bread+cheese+cake d
be thirsty|avoir soif|drink,drink,drink
be cold|avoir froid|close:o window+door d,wear:o coat+sweater+scarf+hat i,-swim
be hot|avoir chaud|open:o window+door d,drink,swim,-wear:o coat+sweater+scarf i,-run
be sick|être malade|stay:x at/a home/b=à/a la/a maison/b,rest,-work,-go,-eat,-drive:,-visit,\
-study,-take a walk,call:o doctor d
be busy|être occupé|-visit,-call,-answer,-listen to,-clean,-help,-read,-prepare,-feed,-watch
be sad|être triste|cry,-sing,-dance,-smile,-eat:,-have fun,leave:
be happy|être heureux|sing,dance,smile,invite
be late|être en retard|take:o taxi+bus+train d,hurry,-eat:,-drink:o coffee+tea d,\
-wait for:o friend+cousin+colleague p,-stop in front of:o bakery+bookstore+bank d
be nervous|être nerveux|-fall asleep:,-eat:,-answer,-drive:,-sleep:
be sleepy|avoir sommeil|go to bed,fall asleep,lie down on:o bed+sofa d,-read,-drive:,-study,\
-listen to
be alone|être seul|cry,call:o family p,read,-have fun,-travel
be afraid|avoir peur|cry,close:o door+window d,hide under,hide behind,-swim,\
-enter:o forest+castle+house d,-open:o door+box d,call:o policeman+family d
"""

# What one may well have, and what becomes possible with it.
REAL_MEANS = """
have money/m|avoir de/m l'/m argent/m|buy:o vehicle+house+computer+guitar+ring+clothing i,travel,\
repair:o car+roof+computer d,visit,buy:o furniture+machine i
have time/m|avoir le/m temps/m|read:o book+newspaper+novel+magazine d,visit,\
write:o letter+poem+article i,clean:o room d,help:o family p,call:o family p,take a walk,\
repair:o car+bicycle+radio+computer d,prepare:o cake+salad i,draw,watch:o film+match d,rest
have a/a car/b|avoir une/a voiture/b|go,travel,visit:o castle+village+city+cathedral+zoo d
have a/a bicycle/b|avoir un/a vélo/b|go,visit:o village+castle d
have a/a house/b|avoir une/a maison/b|invite,buy:o furniture+dog+cat i
have a/a guitar/b|avoir une/a guitare/b|sing
"""
# What becomes possible with something that one hardly has.
MEANS = (
    REAL_MEANS.rstrip()
    + """
be rich|être riche|buy:o house+castle+car+boat+painting+ring i,travel,help:o family p,\
build:o house+castle+hospital+school+museum i,visit
have a/a garden/b|avoir un/a jardin/b|buy:o dog+rabbit+hen+goat+duck+tree i
have a/a dog/b|avoir un/a chien/b|take a walk,run
have a/a dictionary/b|avoir un/a dictionnaire/b|understand:o sentence+word+text d,\
explain:o word+sentence+text d,write:o letter+article i
be young|être jeune|dance,run,swim,travel
be famous|être célèbre|travel,write:o book+novel i,buy:o castle+house i
be in/a Paris/b|être à/a Paris/b|visit:o museum+church+cathedral d,write:o letter+message i,\
take:o photo i
"""
)

# What becomes of somebody else, and what one does then.
PLANS = """
come|venir|prepare:x dinner/a=le/b dîner/a,stay:x at/a home/b=à/a la/a maison/b,\
prepare:o cake+meal i,take a walk,-leave:
call|appeler|answer:,-answer:,come back:
leave|partir|cry,stay:x at/a home/b=à/a la/a maison/b,leave:x too/a=aussi/a,-sing,-dance
be late|être en retard|leave:,eat:,call:o friend+colleague+boss p
be sick|être malade|call:o doctor d,stay:x at/a home/b=à/a la/a maison/b,-travel,-leave:
be hungry|avoir faim|prepare:x dinner/a=le/b dîner/a,cut:o bread+cake d,prepare:o meal+salad i
be tired|être fatigué|drive:,prepare:x dinner/a=le/b dîner/a,clean:o kitchen d,-leave:,\
wash:o plate+glass+cup b
be sad|être triste|stay:x at/a home/b=à/a la/a maison/b,sing,tell:o tale i,-leave:
be cold|avoir froid|close:o window+door d
be hot|avoir chaud|open:o window+door d
be thirsty|avoir soif|buy:o water+lemonade+milk i
"""

# shop | what one buys there, or looks at.
OPEN = """
bakery|buy:o bread+cake+sandwich i
market|buy:o fruit+cheese+fish+flower i
bookstore|buy:o novel+dictionary+book i
supermarket|buy:o food+drink i
museum|look at:o painting d
"""
CLOSED = (
    "go:x to/a the/b park/c=au/ab parc/c,go:x to/a the/b cinema/c=au/ab cinéma/c,"
    "come back:x tomorrow/t=demain/t,go:x to/a the/b beach/c=à/a la/b plage/c,stay:x at/a home/b="
    "à/a la/a maison/b"
)

# english adjective | french | what one is too much so to do.
TOO = """
tired|fatigué|work,dance,run,read,drive,study,clean,prepare,take a walk,repair,wash,play
busy|occupé|visit,call,help,read,prepare,feed,take a walk,rest,play,watch,listen to,travel
sick|malade|work,go,drive,travel,visit,study,dance,swim,take a walk,return
young|jeune|drive:,travel:,work,buy:o car+house+motorcycle i
shy|timide|sing,dance,talk to,invite,answer,call
lazy|paresseux|clean,wash,work,study,repair,feed,prepare,run
sad|triste|sing,dance,play,eat,have fun
nervous|nerveux|drive,answer,study,rest,eat
"""

# english | french | what one does in such weather, "-" what one does not.
WEATHER = """
it/i rains/r|il/i pleut/r|stay,read,watch,-take a walk,-go,-swim,sleep,clean
it/i rains/r tomorrow/t|il/i pleut/r demain/t|stay,read,watch,-take a walk,-visit,-swim,study
it/i is/v hot/h tomorrow/t|il/i fait/v chaud/h demain/t|swim,drink,rest,-wear,-work,have fun
it/i is/v cold/h tomorrow/t|il/i fait/v froid/h demain/t|stay,wear,-swim,-take a walk,-travel,read
it/i is/v cold/h|il/i fait/v froid/h|stay,wear,-swim,-take a walk,close,read
the/a weather/b is/v nice/n|il/ab fait/v beau/n|swim,take a walk,have fun,go,visit,play,walk
it/i snows/s tonight/t|il/i neige/s ce/t soir/t|stay,-drive,-leave,-go,watch,wear,-travel
"""

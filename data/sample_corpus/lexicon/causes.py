"""What people do in which state: the verbs that make sense together."""

# english verb phrase | french | what one does then, as a list explained in `uses`.
CAUSES = """
be tired|être fatigué|rest:,sit down:,sit on,go to bed:,fall asleep:,-work:,-dance:,-run:,-drive:,\
-study:,-take a walk
be hungry|avoir faim|eat:o snack+food i,eat:o soup+cake+sandwich+fish d,\
prepare:o salad+meal+soup i,\
prepare:x dinner/a=le/b dîner/a,cut:o bread+cake+meat d
be thirsty|avoir soif|drink:o water+milk+lemonade+tea i,drink:o water+milk+lemonade d,\
buy:o water+lemonade i
be cold|avoir froid|close:o window+door d,-swim,wear:o coat+sweater+scarf i,-open:o window d
be hot|avoir chaud|open:o window+door d,drink:o water+lemonade i,swim,-wear:o coat+sweater+scarf i,\
-run:,-close:o window d
be sick|être malade|stay:x at/a home/a=à/a la/a maison/a,-work:,-go,-eat:,-drive:,-visit,-study:,\
-take a walk,call:o doctor d,-travel:,-dance:,-swim
be busy|être occupé|-visit,-call,-answer,-help,-clean,-prepare:x dinner/a=le/b dîner/a,\
-watch:o film+match d,-take a walk,-feed:o cat+dog p,-wash:o plate+glass D,-invite
be sad|être triste|cry:,-sing:,-dance:,-smile:,-eat:,-have fun:
be happy|être heureux|sing:x a/a song/b=une/a chanson/b,dance:,smile:,invite,laugh:
be late|être en retard|take:o taxi d,-eat:,-drink:o coffee+tea d,miss:o train+bus+plane d,\
-wait for:o friend+cousin+colleague p,-stop in front of:o bakery+bookstore+bank d,\
-read:x the/a newspaper/b=le/a journal/b
be nervous|être nerveux|-sleep:,-eat:,-answer,-drive:,-smile:,-fall asleep:
be sleepy|avoir sommeil|go to bed:,fall asleep:,lie down on:o bed+sofa d,-read:o newspaper+book d,\
-drive:,-study:,-dance:
be alone|être seul|cry:,call:o family p,-have fun:,-travel:
be afraid|avoir peur|cry:,close:o door+window d,hide under,hide behind,-swim,\
-enter:o forest+castle+house d,-open:o door+box d,call:o family p
"""
# What one does as soon as one feels so.
NEEDS = """
be tired|être fatigué|rest:,sit on,go to bed:
be hungry|avoir faim|eat:o snack+food i,prepare:o salad+meal+soup i,cut:o bread+cake+meat d
be thirsty|avoir soif|drink:o water+milk+lemonade+tea i
be cold|avoir froid|close:o window+door d,wear:o coat+sweater+scarf i
be hot|avoir chaud|open:o window+door d,drink:o water+lemonade i,swim
be sleepy|avoir sommeil|go to bed:,lie down on:o bed+sofa d
"""

# What one may well have, and what becomes possible with it.
REAL_MEANS = """
have money/m|avoir de/m l'/m argent/m|buy:o car+bicycle+boat+house+computer+guitar+ring i,\
travel:l3,\
repair:o car+roof+computer d,buy:o coat+sofa+wardrobe+desk i,visit:o city+island+castle i
have time/m|avoir le/m temps/m|read:o book+newspaper+novel+magazine i,visit,\
write:o letter+poem+article i,clean:o cleaned d,help:o family p,call:o family p,take a walk,\
repair:o car+bicycle+radio+computer d,prepare:o cake+salad+soup i,watch:o film+match d,rest
have a/a car/b|avoir une/a voiture/b|travel:l3,visit:o castle+village+city+cathedral d,\
go:x to/a the/b beach/c=à/a la/b plage/c,go:x to/a the/b sea/c=à/a la/b mer/c
have a/a bicycle/b|avoir un/a vélo/b|go:x to/a the/b park/c=au/ab parc/c,visit:o village+castle d,\
go:x to/a the/b beach/c=à/a la/b plage/c
have a/a house/b|avoir une/a maison/b|invite:o family p,buy:o dog+cat+sofa+bed+table i
have a/a guitar/b|avoir une/a guitare/b|sing:x a/a song/b=une/a chanson/b,\
play:x at/a home/a=à/a la/a maison/a
"""
# What becomes possible with something that one hardly has.
MEANS = (
    REAL_MEANS.rstrip()
    + """
be rich|être riche|buy:o house+castle+boat+painting+island i,travel:l3,help:o family p,\
build:o house+castle+hospital+school+museum i
have a/a garden/b|avoir un/a jardin/b|buy:o dog+rabbit+hen+goat+duck+tree i
have a/a dog/b|avoir un/a chien/b|take a walk
have a/a dictionary/b|avoir un/a dictionnaire/b|understand:o sentence+word+text+poem d,\
explain:o word+sentence+text d,read:o letter+text+novel d
be young|être jeune|dance:,run:p in dans park+forest+garden d,swim,travel:l3
be famous|être célèbre|travel:l3,write:o book i,buy:o castle+house i
be in/a Paris/b|être à/a Paris/b|visit:o museum+church+cathedral d,take:o photo i,\
look at:o river+painting+sky d
"""
)

# What becomes of somebody else, and what one does then.
PLANS = """
come|venir|prepare:x dinner/a=le/b dîner/a,stay:x at/a home/a=à/a la/a maison/a,\
prepare:o cake+meal+salad i,-leave:,clean:o cleaned d
call|appeler|answer:,come back:,leave:
leave|partir|cry:,stay:x at/a home/a=à/a la/a maison/a,leave:x too/a=aussi/a,-sing:,-stay:
be late|être en retard|leave:,eat:,call:o friend+colleague+boss p
be sick|être malade|call:o doctor d,stay:x at/a home/a=à/a la/a maison/a,-travel:,-leave:
be hungry|avoir faim|prepare:x dinner/a=le/b dîner/a,cut:o bread+cake d,\
prepare:o meal+salad+soup i,buy:o bread+sandwich i
be tired|être fatigué|drive:,prepare:x dinner/a=le/b dîner/a,clean:o kitchen d,-leave:,\
wash:o plate+glass+cup D
be sad|être triste|stay:x at/a home/a=à/a la/a maison/a,sing:x a/a song/b=une/a chanson/b,\
-leave:
be cold|avoir froid|close:o window+door d
be hot|avoir chaud|open:o window+door d
be thirsty|avoir soif|buy:o water+lemonade+milk i
"""

# shop | what one buys there, or looks at.
OPEN = """
bakery|buy:o bread+cake+sandwich+cookie i
market|buy:o fruit+flower+vegetable I,buy:o cheese+fish i
bookstore|buy:o novel+dictionary+book i
supermarket|buy:o food+spread+drink i,buy:o fruit I
museum|look at:o painting d
"""
CLOSED = (
    "go:x to/a the/b park/c=au/ab parc/c,go:x to/a the/b cinema/c=au/ab cinéma/c,"
    "come back:x tomorrow/t=demain/t,go:x to/a the/b beach/c=à/a la/b plage/c,stay:x at/a home/a="
    "à/a la/a maison/a"
)

# english adjective | french | what one is too much so to do.
TOO = """
tired|fatigué|work:,dance:,run:,read:,drive:,study:,clean:o cleaned d,take a walk,\
prepare:x dinner/a=le/b dîner/a,wash:o plate+glass D,swim,repair:o car+bicycle d
busy|occupé|visit,call:o family p,help:o family p,read:x the/a newspaper/b=le/a journal/b,\
prepare:x dinner/a=le/b dîner/a,feed:o cat+dog p,take a walk,rest:,travel:,answer,\
watch:o film+match d,listen to:x the/a radio/b=la/a radio/b,clean:o cleaned d
sick|malade|work:,go,drive:,travel:,visit:o castle+museum+zoo d,study:,dance:,swim,take a walk,\
eat:,get up:
young|jeune|drive:,travel:,work:,buy:o car+house+motorcycle i,drink:o wine+beer b
shy|timide|sing:,dance:,talk to:o doctor+teacher+policeman+waiter+waitress d,answer:,\
invite:o friend+colleague+neighbor p
lazy|paresseux|clean:o cleaned d,wash:o plate+glass+cup D,work:,study:,repair:o bicycle+roof+car d,\
prepare:x dinner/a=le/b dîner/a,run:,get up:,wash:o car p
sad|triste|sing:,dance:,eat:,have fun:,smile:
nervous|nerveux|drive:,answer:,study:,rest:,eat:,sleep:
"""

# english | french | what one does in such weather, "-" what one does not.
WEATHER = """
it/i rains/r|il/i pleut/r|stay:x at/a home/a=à/a la/a maison/a,read:o novel+book+magazine i,\
watch:o film i,watch:x television/a=la/b télévision/a,-take a walk,-go,-swim,-leave:,\
take:o bus+taxi d,\
prepare:o cake+soup i,close:o window d
it/i rains/r tomorrow/t|il/i pleut/r demain/t|stay:x at/a home/a=à/a la/a maison/a,\
read:o novel+book i,\
watch:o film i,-take a walk,-visit:o castle+zoo+garden d,-swim,study:,\
-go:x to/a the/b beach/c=à/a la/b plage/c
it/i is/v hot/h tomorrow/t|il/i fait/v chaud/h demain/t|swim,drink:o water+lemonade i,rest:,\
-wear:o coat+sweater i,-work:,go:x to/a the/b beach/c=à/a la/b plage/c
it/i is/v cold/h tomorrow/t|il/i fait/v froid/h demain/t|stay:x at/a home/a=à/a la/a maison/a,\
wear:o coat+sweater+scarf+hat i,-swim,-take a walk,-go:x to/a the/b park/c=au/ab parc/c,\
prepare:o soup i
it/i is/v cold/h|il/i fait/v froid/h|stay:x at/a home/a=à/a la/a maison/a,\
wear:o coat+sweater+scarf+hat i,-swim,-take a walk,close:o window+door d
the/a weather/b is/v nice/n|il/ab fait/v beau/n|swim,take a walk,\
go:x to/a the/b beach/c=à/a la/b plage/c,visit:o zoo+castle+garden+village d,\
play:x in/a the/b garden/c=dans/a le/b jardin/c,\
go:x to/a the/b park/c=au/ab parc/c,work:x in/a the/b garden/c=dans/a le/b jardin/c
it/i snows/s tonight/t|il/i neige/s ce/t soir/t|stay:x at/a home/a=à/a la/a maison/a,-drive:,\
-leave:,\
-go:x to/a the/b cinema/c=au/ab cinéma/c,watch:o film i,-travel:,-take:o bus+taxi d
"""

# english | french | classes | what is said of them: an adjective, or where they are.
DONT = """
need|avoir besoin|small,small,dictionary,coat,scarf,hat,knife,fork,glass,bottle|where
need|avoir besoin|suitcase,computer,umbrella,dictionary|expensive,heavy,old
talk about|parler|film,novel,book|interesting,boring,funny,sad,long,famous
talk about|parler|museum,castle|old,beautiful,magnificent,famous
talk about|parler|city,village,island|beautiful,quiet,small
be afraid of|avoir peur|dog,horse|big,black,old
be afraid of|avoir peur|wolf,bear,lion|big
be afraid of|avoir peur|snake|big,black,long
remember|se souvenir|song,story,film|beautiful,sad,funny,long
remember|se souvenir|house,village,garden,beach|beautiful,small,pretty,quiet
dream about|rêver|house,car,castle,island,boat|beautiful,expensive,magnificent
"""

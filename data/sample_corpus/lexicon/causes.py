"""What people do in which state: the verbs that make sense together."""

# english verb phrase | french | verbs whose frames fit, "-" before those that fit when denied.
CAUSES = """
be tired|être fatigué|rest,sit down,sit on,lie down on,go to bed,fall asleep,-work,-dance,-run
be hungry|avoir faim|eat,eat,prepare,cut,-fall asleep
be thirsty|avoir soif|drink,drink,drink
be cold|avoir froid|close,wear,come back,-swim,-open
be hot|avoir chaud|open,drink,swim,-wear,-run
be sick|être malade|stay,rest,-work,-go,-eat,-drive,-visit,lie down on,-study,-take a walk
be busy|être occupé|-visit,-call,-answer,-listen to,-clean,-help,-read,-prepare,-feed,-watch
be sad|être triste|cry,leave,-sing,-dance,-smile,-eat,-have fun
be happy|être heureux|sing,dance,smile,invite,offer
be late|être en retard|take,leave,run,-wait for,-drink,-wash,-stop in front of
be nervous|être nerveux|leave,-fall asleep,-understand,-eat,-answer,walk,-drive
be sleepy|avoir sommeil|go to bed,fall asleep,lie down on,-read,-drive,-study,-listen to
be alone|être seul|cry,call,read,leave,-have fun,-enter,-travel
be afraid|avoir peur|cry,close,hide under,hide behind,run,-enter,-open,-swim,call
"""

# What becomes possible with something: the condition | verbs.
MEANS = """
be rich|être riche|buy,build,offer,travel,visit,help
have money/m|avoir de/m l'/m argent/m|buy,build,offer,travel,visit
have time/m|avoir le/m temps/m|read,visit,write,repair,clean,feed,help,play,draw,take a walk
have a/a car/b|avoir une/a voiture/b|go,visit,leave,travel,drive,sell
have a/a boat/b|avoir un/a bateau/b|travel,visit,leave,sell
have a/a bicycle/b|avoir un/a vélo/b|go,return,sell,lend,visit
have a/a garden/b|avoir un/a jardin/b|rest,play,have fun,read,feed
have a/a dog/b|avoir un/a chien/b|take a walk,feed,run,play
have a/a guitar/b|avoir une/a guitare/b|sing,play,sell,lend
have a/a dictionary/b|avoir un/a dictionnaire/b|understand,explain,write,study
be young|être jeune|dance,run,swim,travel,work,study,walk
be famous|être célèbre|travel,write,buy,sing,receive
be in/a Paris/b|être à/a Paris/b|visit,look at,take,write,meet
"""

# english adjective | french | what one is too much so to do.
TOO = """
tired|fatigué|work,dance,run,read,drive,study,clean,prepare,take a walk,repair,wash,play
busy|occupé|visit,call,help,read,prepare,feed,take a walk,rest,play,watch,listen to,travel
sick|malade|work,go,drive,travel,visit,study,dance,swim,take a walk,return
young|jeune|drive,travel,work,read,repair,buy,build
shy|timide|sing,dance,talk to,invite,answer,call,offer
lazy|paresseux|clean,wash,work,study,repair,feed,prepare,run
sad|triste|sing,dance,play,eat,have fun
nervous|nerveux|drive,answer,study,rest,eat
"""

# english | french | what one does in such weather, "-" what one does not.
WEATHER = """
it/i rains/r|il/i pleut/r|stay,read,watch,-take a walk,-go,-swim,sleep,clean,take
it/i rains/r tomorrow/t|il/i pleut/r demain/t|stay,read,watch,-take a walk,-visit,-swim,study
it/i is/v hot/h tomorrow/t|il/i fait/v chaud/h demain/t|swim,drink,rest,-wear,-work,have fun
it/i is/v cold/h tomorrow/t|il/i fait/v froid/h demain/t|stay,wear,-swim,-take a walk,-travel,read
it/i is/v cold/h|il/i fait/v froid/h|stay,wear,-swim,-take a walk,close,read,-open
the/a weather/b is/v nice/n|il/ab fait/v beau/n|swim,take a walk,have fun,go,visit,play,travel,walk
it/i snows/s tonight/t|il/i neige/s ce/t soir/t|stay,-drive,-leave,-go,watch,wear,-travel
"""

"""Verb frames: english | french | subjects | complements | uses | times.

A verb has a frame for every kind of complement, and a frame tells in which contexts it makes
sense: one loses one's key, but does not lose it on purpose nor every day.

Subjects: H people, Y people who may be children, C cats and dogs, T thieves. Complements,
separated by ";":
    o CLASSES DETS        direct object
    p EN FR CLASSES DETS  prepositional object ("-" for no preposition)
    x EN=FR               these words
    i                     the person something is given or told to
    g, g2, g3             a goal (to school), a usual one, where one arrives
    l, l2, l3             a place (at school), a town or country, a country
Determiners: d the, D the with a plural, i a or some, I some with a plural, p possessive, y my or
our, o of somebody (Paul's), m this, b bare plural, n numbers where one may count.
Uses: p told in the past, n denied in the past, r after "already", j after "just", g progressive,
f planned, h usual, o asked of somebody, b forbidden, t proposed ("let's"), i an infinitive of
wishes and duties, a what one may ask leave to do; l may take a place, m takes an adverb of
manner.
Times: the letters of `adverbials`.
"""

FRAMES = """
eat | manger | H | o snack in | pjgtil | nem
eat | manger | H | o food i | pjgtiln | nem
eat | manger | H | x at/a the/b restaurant/c=au/ab restaurant/c | pngfih | dew
eat | manger | H | o cake,sandwich,soup,salad,fish,chicken,cheese d | pnrjgob | dns
eat | manger | H | o snack,vegetable,food b | h | dnew
eat | manger | C | o petfood d | pg | dnes
eat | manger | C | o petfood b | h | dne
drink | boire | H | o drink i | pjgtiln | nem
drink | boire | H | o coffee,tea,milk,wine,lemonade d | pnrb | dnes
drink | boire | H | o coffee,tea,milk,water p | o |
drink | boire | H | o drink b | h | dne
drink | boire | C | x some/a milk/b=du/a lait/b | pg | dne
drink | boire | C | x milk/b=du/a lait/b | h | dne
read | lire | H | o book,newspaper,magazine,novel,poem,article i | pgfijl | dneam
read | lire | H | o readable dm | pnrjfoib | dne
read | lire | H | x the/a newspaper/b=le/a journal/b | pgohit | dnem
read | lire | H | o novel,magazine,poem,book b | h | eay
write | écrire | H | o letter,poem,message,article i | pgfiln | dnem
write | écrire | H | o letter,message i;i | pjgfoi | dnea
write | écrire | H | o novel,book i | pri | wy
write | écrire | H | o letter,poem,article b | h | ea
buy | acheter | H | o gift,thing,furniture,car,bicycle,boat,motorcycle i | pnjfi | dw
buy | acheter | H | o clothing,shoes in | pnjfi | dwa
buy | acheter | H | o fruit,vegetable,egg,cookie,flower I | pjgfoitn | dna
buy | acheter | H | o food,spread,cake,sandwich,newspaper i | pjgfoit | dna
buy | acheter | H | o bread,cheese,meat,fish,fruit,vegetable,flower b | h | w
sell | vendre | H | o house,apartment,sofa,desk,painting p | pnrjfi | dwy
sell | vendre | H | o car,bicycle,boat,motorcycle,computer,guitar p | pnrjgfoib | dwyk
find | trouver | H | o small p | pnj | dnes
find | trouver | H | o key,watch,wallet,ring,umbrella,bag i | pl | dnes
find | trouver | H | o small p | i |
find | trouver | H | o hotel,restaurant,apartment,house i | ij |
lose | perdre | H | o small,scarf,hat,cap,glove p | pnjb | dnes
look for | chercher | H | o small,hat,scarf,coat,glove,cat,dog p | pgoi | dne
look for | chercher | H | o hotel,restaurant,bakery,pharmacy,bank i | pg | dne
look for | chercher | H | o apartment,house,gift,dictionary i | pgi | dwn
open | ouvrir | H | o door,window,drawer,box,suitcase d | pnrjgoiba | dnes
open | ouvrir | H | o letter,gift,bottle d | pnrjfoibat | dnes
close | fermer | H | o door,window,suitcase,drawer,box d | pnrjgoiba | dnes
clean | nettoyer | H | o cleaned d | pnrjgfoit | dnea
clean | nettoyer | H | o cleaned d | h | dw
clean | nettoyer | H | o bedroom,car,bicycle p | pnrjgfoi | dnea
clean | nettoyer | H | o bedroom,car p | h | w
wash | laver | H | o car,shirt,dress,skirt,sweater p | pnrjgfoi | dna
wash | laver | H | o glass,plate,cup,bowl,fork,spoon D | pnrjgfoit | dem
wash | laver | H | o glass,plate,cup D | h | de
wash | laver | H | o car p | h | w
wash | laver | H | o apple,pear,tomato,carrot,potato D | pnrgo | s
break | casser | H | o glass,plate,cup,bowl,bottle i | pj | dnes
break | casser | H | o glass,plate,cup,bowl,mirror,window,bottle d | pnjb | dnes
repair | réparer | H | o machine dp | pnrjgfoi | dwna
repair | réparer | H | o car,bicycle,computer,radio,clock o | pnrjgf | dw
sing | chanter | H | x a/a song/b=une/a chanson/b | pjgftiln | em
sing | chanter | H | x songs/b=des chansons/b | hl | e
sing | chanter | H | | m |
watch | regarder | H | o film,match i | pgftijn | dea
watch | regarder | H | o film,match d | pnrfbi | dea
watch | regarder | H | x television/a=la/b télévision/a | pngftibl | em
watch | regarder | H | x television/a=la/b télévision/a | h | dea
watch | regarder | C | o bird D | pgh | dn
look at | regarder | H | o painting,photo,flower,dog,cat,horse,bird d | pgo |
look at | regarder | H | o painting,photo m | po |
look at | regarder | H | o sea,sky,moon,river,mountain d | pg |
listen to | écouter | H | x the/a radio/b=la/a radio/b | pngftibl | nem
listen to | écouter | H | x the/a radio/b=la/a radio/b | h | dne
listen to | écouter | H | x music/b=de la musique/b | pgftil | em
listen to | écouter | H | x music/b=de la musique/b | h | dea
listen to | écouter | H | o song dm | pnoi | s
hear | entendre | H | o noise,song,voice i | p | nes
hear | entendre | H | o bell d | pn | nes
see | voir | H | o wild in;x at/a the/b zoo/c=au/ab zoo/c | p | d
see | voir | H | o horse,cow,sheep,rabbit,bird,duck,goat,fox in | pl | dn
see | voir | H | o film,play i | pfit | dew
see | voir | H | o film,play,painting dm | pnri | dew
see | voir | H | o royal d | p | dw
meet | rencontrer | H | o friend,colleague,cousin,neighbor,boss p | pnl | dnes
meet | rencontrer | H | o tourist,student,singer,actor,actress,writer,musician,\
journalist i | p | dew
meet | rencontrer | H | o royal d | p | dwy
meet | rencontrer | H | o singer,actor,actress,writer,painter i | i |
help | aider | H | o family p | pnrjgfoi | dna
help | aider | H | o lady,tourist,student,child,customer,neighbor d | pngoi | n
wait for | attendre | H | o bus,taxi d | pnl | n
wait for | attendre | H | o bus,taxi d | giol |
wait for | attendre | H | o train d;x at/a the/b station/c=à/a la/b gare/c | pg | n
wait for | attendre | H | o train d | nio |
wait for | attendre | H | o friend,cousin,brother,sister,mother,father,colleague p | pgfoil | n
invite | inviter | H | o family p | pnrjfoi | dwe
visit | visiter | H | o museum,castle,church,zoo,cathedral dm | pnrjfoit | dna
visit | visiter | H | o museum,castle,zoo,island,church i | pfit | dwyk
visit | visiter | H | o village,city,island m | pnfit | wy
visit | visiter | H | o museum,castle,church b | h | y
drive | conduire | H | o car p | pngi | dn
drive | conduire | H | o truck,bus i | pg |
drive | conduire | H | | m |
drive | conduire | H | o car p | m |
carry | porter | H | o suitcase,bag,box,basket d | pngoi | s
carry | porter | H | o suitcase,bag,box,basket p | pngoi | s
carry | porter | H | o suitcase,bag,box,basket i | pg |
wear | porter | H | o clothing i | pngfi | dne
wear | porter | H | o hat,tie,scarf,coat,cap,belt,sweater i | h | d
wear | porter | H | o shoes b | gh | d
choose | choisir | H | o clothing,present im | pji | d
choose | choisir | H | o present,newspaper,novel,cake i | poi |
forget | oublier | H | o small,hat,coat,scarf,glove p | pnjb | dnes
forget | oublier | H | o name,address,word,rule d | pnr |
prepare | préparer | H | x dinner/a=le/b dîner/a | pnrjgfoitl | de
prepare | préparer | H | x dinner/a=le/b dîner/a | h | e
prepare | préparer | H | x breakfast/a=le/b petit/b déjeuner/a | pnrjgfoitl | n
prepare | préparer | H | x breakfast/a=le/b petit/b déjeuner/a | h | dn
prepare | préparer | H | o salad,cake,meal,soup i | pjgfiotl | dea
prepare | préparer | H | o salad,cake,meal,soup d | pnrg | s
cut | couper | H | o bread,cake,meat,tomato,apple d | pnrjgob | s
draw | dessiner | H | o cat,dog,horse,bird,flower,tree,house,castle,boat i | pjgoil | dna
draw | dessiner | H | o cat,horse,bird,flower,tree,house,boat b | h | a
draw | dessiner | H | | m |
study | étudier | H | x history/b=l' histoire/b | pngfhil | dea
study | étudier | H | x French/b=le français/b | pngfhil | dea
study | étudier | H | | m |
explain | expliquer | H | o lesson,question,problem,exercise,word,rule,text d;i | pnjgfoi | dn
explain | expliquer | H | o lesson,question,problem,exercise,word,sentence,rule m;i | pjo | s
understand | comprendre | H | o learnable dm | pni |
repeat | répéter | H | o sentence,word,question,answer,name d | pnrjo | s
repeat | répéter | H | o sentence,word,question,answer m | pom |
explain | expliquer | H | o lesson,question,problem,exercise,word,rule m | m |
answer | répondre | H | p - à letter,question,message d | pnrjfobi | dn
answer | répondre | H | p - à letter,question,message m | pro | s
give | donner | H | o present i;i | pjfit | dw
give | donner | H | o key,bag,newspaper,letter,gift,book d;i | pno | dns
give | donner | H | o bicycle,phone,umbrella,pen,dictionary p;i | pnb |
show | montrer | H | o photo,painting,letter,house,garden,bedroom,book p;i | pnrjfoi | dnea
show | montrer | H | o photo,painting,letter,ring,book d;i | pno | s
send | envoyer | H | o letter,message,gift,photo,flower in;i | pnjfoig | dn
send | envoyer | H | o letter,message,gift,photo d;i | pnro | dn
lend | prêter | H | o book,pen,umbrella,dictionary,bicycle,car,guitar,phone,\
notebook p;i | pnjfoib | dn
bring | apporter | H | o coffee,tea,water,milk,bread,cake,flower,gift i;i | pjfoi | dn
bring | apporter | H | o chair,newspaper,letter,box,key,umbrella d;i | pno | s
tell | raconter | H | o tale i;i | pjgfoi | de
tell | raconter | H | o tale b;i | h | e
receive | recevoir | H | o letter,gift,message,photo in | pnj | dnws
hide | cacher | H | o gift,money,key,letter,photo d | prji | s
take | prendre | H | o train,bus,taxi,plane,boat d | pnfoi | dnz
take | prendre | H | o taxi i | pi | n
take | prendre | H | o bus,train d | h | dn
take | prendre | H | o umbrella,key,bag,book,wallet,ticket d | pnro |
take | prendre | H | o umbrella,key,bag,wallet,ticket,phone p | pnj | n
catch | attraper | C | o mouse,bird i | pn | dnes
catch | attraper | H | o ball,butterfly,thief d | pni |
follow | suivre | C | o man,woman,boy,girl,child,cat,dog d | pg | s
follow | suivre | C | o brother,sister,son,daughter,mother,father p | pg | s
steal | voler | T | o bag,wallet,phone,watch,bicycle,car,suitcase,computer y | pn | dnew
steal | voler | T | o bag,wallet,phone,watch,bicycle,car,suitcase,ring o | pn | dnew
steal | voler | T | o painting,ring,watch,money d | pn | dew
feed | nourrir | H | o cat,dog,rabbit,kitten,puppy p | pnrjgfoih | dne
feed | nourrir | H | o horse,hen,duck,goat,cow,sheep,pig,donkey D | pnrjgfoiht | dne
feed | nourrir | H | o cat,dog,bird,horse,donkey d | pnrjgob | dne
build | construire | H | o house i | pfi | y
throw | lancer | H | o ball d | pngo | s
throw | lancer | H | o stone i | p | s
miss | manquer | H | o train,bus,plane d | pnj | dnes
play | jouer | Y | l | pngfhti | dae
play | jouer | C | l | pgh | dna
play with | jouer avec | C | o ball,mouse,kitten,puppy,child,boy,girl d | pgh | dna
talk to | parler à | H | o family p | pnrjgfoi | dne
talk to | parler à | H | o doctor,teacher,policeman,waiter,waitress,baker,lawyer,\
tourist d | pnrjgo | dn
call | appeler | H | o family p | pnrjfoih | dnez
call | appeler | H | o doctor d | pnrjoi | dnes
live | habiter | H | l2 | |
work | travailler | H | l | pngfhi | dna
work | travailler | H | | m |
sleep | dormir | H | l | pngf | e
sleep | dormir | H | p on sur couch d | png | dne
sleep | dormir | C | p on sur soft d | pgh | dna
sleep | dormir | H | | im |
dance | danser | H | l | pngfti | e
dance | danser | H | | m |
cry | pleurer | H | | pngbl | dns
smile | sourire | H | | pn |
laugh | rire | H | | pngb |
run | courir | H | p in dans park,garden,forest d | pgi | dn
run | courir | H | p in dans park,forest d | h | nw
run | courir | C | p in dans park,garden,street d | pgh | dn
run | courir | H | | mb |
walk | marcher | H | p in dans forest,park,street d | pg | n
walk | marcher | H | | m |
swim | nager | H | p in dans river,lake,sea d | pngfti | dna
swim | nager | H | p in dans river,lake,sea d | h | yn
swim | nager | H | | m |
travel | voyager | H | l3 | pnfih | yk
arrive | arriver | H | g3 | pnrjf | dnesz
go | aller | H | g | pnfoit | dna
go | aller | H | g2 | h | w
return | retourner | H | g | pfi | dnak
come back | revenir | H | p from de town,shop d | pjfi | dnsz
come out of | sortir de | H | o bank,museum,church,hospital,bakery,library,hotel d | pj | s
come out of | sortir de | C | o indoors d | pg | s
enter | entrer dans | H | o indoors,church,museum,bank,hotel d | pnja | s
enter | entrer dans | C | o indoors d | pn | s
stay | rester | H | l | pnfoit | de
fall off | tomber de | H | o chair,bed,horse,bicycle d | pnjb | dnes
fall off | tomber de | C | o chair,bed,roof,sofa,wall d | pn | dns
leave | partir | H | | pnrjfoi | dnesz
leave | quitter | H | o house,office,hotel,hospital d | pnji | nes
leave | quitter | H | o house,office,hotel d | f | ne
leave | quitter | H | o city,village d | pnfi | dwyk
sit on | s'asseoir sur | C | o seat d | pn | nms
sit on | s'asseoir sur | H | o perch d | pnoi | s
sit down | s'asseoir | H | | pnrjo |
lie down on | s'allonger sur | C | o soft d | pn | nms
lie down on | s'allonger sur | H | o couch d | pno | m
jump on | sauter sur | C | o seat,table,shelf d | pn | ns
climb on | grimper sur | C | o roof,wall,chair,table,cupboard d | pn | ns
hide under | se cacher sous | C | o bed,table,blanket,desk,sofa d | pg | ns
hide under | se cacher sous | H | o bed,table d | pi |
hide behind | se cacher derrière | C | o door,tree,sofa,wall,house d | pg | ns
hide behind | se cacher derrière | H | o door,tree,sofa,wall d | pgi |
get up | se lever | H | | pnrjo | n
get up | se lever | H | x early/b=tôt/b | pifh | dn
wake up | se réveiller | H | | pnrjo | n
wake up | se réveiller | H | x early/b=tôt/b | ph | dn
go to bed | se coucher | H | | pnrjoit | es
go to bed | se coucher | H | x early/b=tôt/b | pifh | e
rest | se reposer | H | l | pngfti | dnam
hurry | se dépêcher | H | | o |
have fun | s'amuser | H | l | pngfi | da
take a walk | se promener | H | p in dans forest,park d | pngfti | dnam
take a walk | se promener | H | p in dans forest,park d | h | nw
take a walk | se promener | H | p along le_long_de river,lake d | pgfti | dnam
take a walk | se promener | H | x by/a the/b sea/c=au/a bord/a de/a la/b mer/c | pgfti | dnam
take a walk | se promener | H | x by/a the/b sea/c=au/a bord/a de/a la/b mer/c | h | yw
take care of | s'occuper de | H | o cat,dog,son,daughter,grandmother,grandfather,\
garden p | pgfoi | da
take care of | s'occuper de | H | o cat,dog,garden,grandmother p | h | dw
make fun of | se moquer de | H | o brother,sister,neighbor,friend,colleague p | png |
make fun of | se moquer de | H | o tourist,neighbor,child d | pb |
fall asleep | s'endormir | C | p on sur soft d | p | nms
fall asleep | s'endormir | H | p on sur couch d | pnrj | ems
stop in front of | s'arrêter devant | H | o bakery,bank,church,museum,station,hotel d | pno | s
learn | apprendre | H | x French/b=le français/b | pgfi | y
learn | apprendre | H | x Spanish/b=l' espagnol/b | pgfi | y
learn | apprendre | H | x Italian/b=l' italien/b | pgfi | y
"""

# What one does, as an infinitive: english | french, marked | s a skill, l what one may like.
ACTIVITIES = """
play football|jouer au football|sl
play tennis|jouer au tennis|sl
play cards|jouer aux cartes|sl
play chess|jouer aux échecs|sl
play the/a piano/b|jouer du/a piano/b|sl
play the/a guitar/b|jouer de/a la/a guitare/b|sl
play the/a violin/b|jouer du/a violon/b|sl
speak French|parler français|l
speak Spanish|parler espagnol|l
speak German|parler allemand|l
speak Italian|parler italien|l
speak English|parler anglais|l
cook|cuisiner|sl
dance|danser|sl
swim|nager|sl
sing|chanter|sl
draw|dessiner|sl
ski|skier|sl
read|lire|sl
travel|voyager|l
drive|conduire|sl
work|travailler|l
sleep|dormir|l
get/a up/a early/b|se/a lever/a tôt/b|l
get/a up/a late/b|se/a lever/a tard/b|l
go/a to/b bed/b late/c|se/a coucher/b tard/c|l
watch/a television/b|regarder/a la/b télévision/b|l
listen/a to/a music/b|écouter/a de/b la/b musique/b|l
take/a a/a walk/a|se/a promener/a|l
"""

# Where one does it: the codes of the places that suit a verb.
PLACE_USE = {
    "eat": "e",
    "drink": "e",
    "prepare": "h",
    "read": "r",
    "write": "r",
    "draw": "r",
    "rest": "r",
    "listen to": "t",
    "watch": "t",
    "work": "w",
    "study": "u",
    "stay": "o",
    "sleep": "s",
    "wait for": "x",
    "have fun": "k",
    "play": "j",
    "dance": "d",
    "sing": "d",
    "cry": "y",
    "meet": "m",
    "find": "f",
    "see": "v",
}

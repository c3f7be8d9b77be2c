"""The German words that decide whether a full stop ends a sentence.

Lists only; `index.sentences` knows how they are used. Written small where case does not matter.
"""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Never the last word of a sentence: something follows that they introduce.
OPEN_ABBREVIATIONS = _words(
    """
    abb abs abschn abt adj akt allg anh anm apr art aufl aug bd bde bearb bes betr bez bsp bspw bzgl bzw
    ca cf dat dem dez dgl dipl dir div dr ebd ed eds ehem eig eigtl einschl engl entspr ev evang evtl
    exkl expl fa feb febr fig fr frl frz geb gegr gem gen gest ggf ggü griech hg hl hll hptm hr hrn hrsg
    ibid ill ing inkl insb insbes internat it ital jan jap jr jul jun kap kapt kath lat led lfd lt ltd
    ltn mag math max med min min.dir mind mr mrs mrz ms mt mtl mär nat no nov nr nrn num oberst oberstlt
    okt op orig pat phil phys pol pos pp prof präs rep rer russ röm sep sept sog span spez sr st sta std
    stellv tab tel tsd u ugs ung univ urspr v verb verf verh verst vgl vol vorm vs wg wiss zit zool zz
    zzgl zzt
    """
)
# May end a sentence: they do where a sentence visibly begins after them.
CLOSING_ABBREVIATIONS = _words(
    """
    a.d a.m abds al bio chr co corp dgl etc f ff gebr i.r inc jh jhd jhdt jhs kg m.e mio mrd n.chr nachm
    o.g o.ä p.m pl s.a s.o s.u str u.a u.ä u.ö usf usw v.chr vorm
    """
)
MONTHS = _words(
    """
    Apr April Aug August Dez Dezember Feb Feber Febr Februar Jan Januar Jul Juli Jun Juni Jänner Mai Mrz
    Mär März Nov November Okt Oktober Sep Sept September
    """
)
# Written small inside a sentence: with a capital they begin one.
STARTERS = _words(
    """
    Ab Abends Aber Acht Alle Allein Allen Allerdings Alles Als Also Am An Andere Anders Anfangs
    Angesichts Anschließend Anstatt Auch Auf Aufgrund Aus Außer Außerdem Bald Bei Beide Beides Beim
    Bereits Bis Bisher Bislang Da Dabei Dadurch Dafür Dagegen Daher Dahinter Damals Damit Danach Daneben
    Dann Daran Darauf Daraufhin Daraus Darin Darum Darunter Darüber Das Dass Davon Davor Dazu Daß Dein
    Dem Demnach Demzufolge Den Denen Denn Dennoch Der Deren Derzeit Des Deshalb Dessen Deswegen Die Dies
    Diese Diesem Diesen Dieser Dieses Doch Dort Dorthin Drei Drittens Du Durch Eben Ebenfalls Ebenso Ein
    Eine Einem Einen Einer Einerseits Eines Einige Einmal Einst Er Erst Erstens Erstmals Es Etliche Etwa
    Etwas Fast Ferner Fünf Für Gegen Gegenüber Genau Gerade Gestern Gibt Gleichzeitig Hat Hatte Heute
    Hier Hierbei Hierfür Hierzu Hingegen Hinter Hinzu Ich Ihm Ihn Ihnen Ihr Ihre Ihrem Ihren Ihrer Im
    Immer Immerhin In Indem Indes Indessen Infolge Inmitten Innerhalb Insbesondere Insgesamt Inzwischen
    Ist Ja Je Jede Jedem Jeden Jeder Jedes Jedoch Jene Jener Jetzt Kaum Kein Keine Keiner Kurz Könnte
    Laut Lediglich Letztlich Man Manche Mancher Manchmal Mehr Mehrere Mein Meine Meist Meistens Mich Mir
    Mit Mittlerweile Mitunter Morgens Nach Nachdem Nachher Nachmittags Natürlich Neben Nein Neun Nicht
    Nichts Niemand Noch Nun Nur Nämlich Ob Obwohl Oder Offenbar Offiziell Oft Ohne Ohnehin Plötzlich
    Rund Schließlich Schon Sechs Sehr Sein Seine Seinem Seinen Seiner Seit Seitdem Seither Selbst Sie
    Sieben Sind So Sobald Sodass Sofern Sofort Sogar Solange Solche Soll Sollte Somit Sondern Sonst
    Soweit Sowie Später Statt Stattdessen Tatsächlich Teilweise Trotz Trotzdem Um Unabhängig Und Uns
    Unser Unsere Unter Unterdessen Ursprünglich Viele Vielen Vieles Vielleicht Vielmehr Vier Vom Von Vor
    Vorher Vorläufig War Waren Warum Was Weder Wegen Weil Weiter Weitere Weiterhin Welche Welcher
    Welches Wenig Wenige Weniger Wenn Wer Werden Weshalb Wie Wieder Wiederum Wieso Wir Wird Wo Wobei
    Wodurch Woher Wohin Wurde Wurden Während Zehn Zu Zudem Zuerst Zufolge Zugleich Zuletzt Zum Zumal
    Zumindest Zunächst Zur Zusammen Zusätzlich Zuvor Zwar Zwei Zweitens Zwischen Zwölf Über Überdies
    Überhaupt
    """
)
# Before a number they make it an ordinal: "am 3. Weltjugendtag", "in 2. Instanz".
BEFORE_ORDINAL = _words(
    """
    ab als am ans auf beim bis bzw das dein dem den der des die ein euer ihr im in ins jede jeden jeder
    jedes mein oder sein seit und unser vom zum zur
    """
)
# After a number they make it an ordinal.
AFTER_ORDINAL = _words(
    """
    Auflage Ausgabe Bundesliga Bundestag Deutschen Etage Etappe FC FFC FSV Geburtstag Halbjahr Halbzeit
    Hochzeitstag Internationalen Jahrestag Jahrhundert Jahrhunderts Jh Kammer Klasse Lebensjahr
    Legislaturperiode Liga Mal Minute Parteitag Platz Quartal Runde SC Senat Sitzung Spieltag Stock
    Stockwerk Strafsenat SV Tag Todestag TSV VfB Wahlperiode Weltkrieg Woche Zivilsenat
    """
)

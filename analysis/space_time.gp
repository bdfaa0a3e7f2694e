# SPDX-License-Identifier: MIT
# The messages of one height: nodes down (by region, where there are many), time across. A line runs from the sender to
# a receiver: of proposals to all nodes, of votes those of a few senders. Marks show when each node voted, and when it
# held the block final.
#   gnuplot -c analysis/space_time.gp RESULTS OUTPUT [COLUMNS [DATA]]
name = 'space_time'; tall = 8; legend = 1; left = 2.1
dir = ARG1; output = ARG2; columns = ARG3; data = ARG4
load ARG0[:strlen(ARG0) - strlen(name) - 3].'style.gp'

stats facts using (unit = strcol('unit'), per_unit = column('unit_s'), span = column('span_s') / per_unit, \
    nodes = column('nodes'), labels = int(column('labels')), kinds = int(column('kinds')), lines = column('lines'), \
    0) nooutput

set grid noytics
eval across('Time since the first proposal ('.unit.')')
if (labels == 0) { eval upwards('Node') }
do for [i = 1:labels] {
    stats data.'/'.name.'_rows.csv' every ::(i - 1)::(i - 1) using (row = column('row'), end = column('to'), \
        label = strcol('label'), 0) nooutput
    if (i == 1) { set ytics scale 0 (tick(as_small(label)) row) font small } \
    else { set ytics add (tick(as_small(label)) row) }
    if (nodes > labels && i < labels) {
        set arrow i from graph -.01, first end + .5 to graph 1, first end + .5 nohead back linecolor rgb '#CCCCCC' \
            linewidth .6
    }
}

# Kinds, as the first column of the tables has them: 0 proposals, 1 and up votes, 98 others, 99 finality.
marks = data.'/'.name.'_marks.csv'
style(what) = what == 0 ? 1 : what == 99 ? 7 : what == 98 ? 5 : what == 1 ? 6 : what == 2 ? 3 : 4
set linetype 7 pointtype 12 pointsize .6 * dot linewidth .8
set linetype 6 pointtype 7 pointsize .35 * dot
do for [i = 1:kinds] {
    stats data.'/'.name.'_kinds.csv' every ::(i - 1)::(i - 1) \
        using (what = int(column('what')), kind = strcol('name'), 0) \
        nooutput
    if (what == 0) { eval key_line(style(what), kind) } else { eval key_mark(style(what), kind) }
}
thin = lines > 200 ? .35 : lines > 60 ? .6 : 1
line(w) = int(column('what')) == w ? column('sent_s') / per_unit : NaN
mark(w) = int(column('what')) == w ? column('at_s') / per_unit : NaN
set yrange [nodes + .7:.3]
set xrange [-.02 * span:span * 1.02]
plot for [w in '98 4 3 2 1 0'] table using (line(int(w))):(column('from_row')):(column('taken_s') / per_unit): \
        (column('rows_down')) with vectors nohead linetype style(int(w)) dashtype solid linewidth thin, \
    for [w in '4 3 2 1 99'] marks using (mark(int(w))):(column('row')) with points linetype style(int(w))

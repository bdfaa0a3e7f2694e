# SPDX-License-Identifier: MIT
# Each validator's share of the blocks beside its share of the stake. The band is where the share lies with a
# probability of 95 % if each proposer is drawn by stake (binomial), so one in twenty may lie outside.
#   gnuplot -c analysis/leader_share.gp RESULTS OUTPUT [COLUMNS [DATA]]
name = 'leader_share'; legend = 1
dir = ARG1; output = ARG2; columns = ARG3; data = ARG4
load ARG0[:strlen(ARG0) - strlen(name) - 3].'style.gp'

stats facts using (by_rank = int(column('by_rank')), validators = column('validators'), outside = column('outside'), \
    blocks = column('blocks'), least = column('least'), largest = column('largest'), \
    foot = column('foot'), highest = column('highest'), none = column('none'), \
    0) nooutput

eval upwards('Share of blocks (%)')
count = as_small(sprintf('%d of %d outside; %d block%s', outside, validators, blocks, blocks == 1 ? '' : 's'))

# Stakes much alike are shown by rank. Otherwise both axes are logarithmic, and those who have no block stand at the
# foot.
if (by_rank) {
    foot = 0
    set label 1 count at graph .98, graph .94 right font small
    eval across('Validators, by stake')
    set xrange [.5:validators + .5]
    if (validators <= 10) { set xtics 1 }
    set yrange [0:highest * 1.2]
} else {
    set label 1 count at graph .03, graph .94 left font small
    eval across('Share of stake (%)')
    set logscale xy
    set xrange [least / 1.3:largest * 1.3]
    set yrange [foot / 1.3:highest * 1.5]
    set format xy '%g'
    if (none) { set ytics add ('0' foot) }
    few_x = largest < 30 * least
    few_y = highest < 30 * foot
    do for [power = -5:1] {
        do for [digit in '2 5'] {
            if (few_x) { set xtics add (digit * 10.**power) }
            if (few_y && digit * 10.**power > 1.7 * foot) { set ytics add (digit * 10.**power) }
        }
    }
}
x(dummy) = by_rank ? column('rank') : column('stake_share')
y(s) = column(s) > foot ? column(s) : foot
of(place) = strcol('place') eq place ? y('leader_share') : NaN
apart(dummy) = strcol('place') ne 'inside' ? y('leader_share') : NaN
eval key_box('#CCE3F0', '95 % band')
eval key_line(7, 'stake')
eval key_mark(1, 'inside')
eval key_mark(2, 'outside')
plot table using (x(0)):(y('low')):(y('high')) with filledcurves fillcolor rgb '#CCE3F0', \
    table using (x(0)):(y('stake_share')) with lines linetype 7 linewidth .8, \
    table using (x(0)):(of('inside')) with points linetype 1 pointsize .35 * dot, \
    table using (x(0)):(apart(0)) with points linetype 2

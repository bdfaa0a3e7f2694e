# SPDX-License-Identifier: MIT
# One run over time. Above: blocks proposed on the main chain and off it, by stretch of time. Below: the longest that a
# block of the main chain proposed in that stretch took to be final. Grey: faults.
#   gnuplot -c analysis/forks_and_finality.gp RESULTS OUTPUT [COLUMNS [DATA]]
name = 'forks_and_finality'; tall = 7.2; legend = 1; left = 1.4
dir = ARG1; output = ARG2; columns = ARG3; data = ARG4
load ARG0[:strlen(ARG0) - strlen(name) - 3].'style.gp'

stats facts using (unit = strcol('unit'), per_unit = column('unit_s'), slow = strcol('finality_unit'), \
    per_slow = column('finality_unit_s'), logarithmic = int(column('logarithmic')), bin = strcol('width'), \
    until = column('until_s') / per_unit, faults = int(column('faults')), not_final = column('not_final'), \
    off_main = column('off_main'), most = column('most'), any_final = int(column('any_final')), \
    slowest = column('slowest_s') / per_slow, 0) nooutput

load folder.'faults.gp'

middle(dummy) = (column('from_s') + column('to_s')) / 2 / per_unit
width(dummy) = (column('to_s') - column('from_s')) / per_unit
set xrange [0:until]
set multiplot
low = 4.2; high = tall - top
set bmargin at screen low / tall
set tmargin at screen high / tall
set format x ''
set yrange [0:most * (faults > 4 || !faults ? 1.1 : faults > 1 ? 1.5 : 1.25)]
step = nice_step(most)
if (step < 1) { step = 1 }
set ytics step
eval panel_title('Blocks per '.bin, .6, 'Blocks per '.bin)
eval key_box('#8DC1E4', 'on the main chain')
if (off_main > 0) { eval key_box('#D55E00', 'off it') }
set style fill solid
plot table using (middle(0)):(column('main') + column('off_main')):(width(0)) with boxes \
         linecolor rgb '#D55E00' linewidth .3, \
    table using (middle(0)):(column('main')):(width(0)) with boxes linecolor rgb '#8DC1E4' linewidth .3

unset label
unset object 1101; unset object 1102; unset object 1103
low = bottom; high = 3.5; key_y = high + .28; key_x = format eq 'term' ? 1.9 : left
set bmargin at screen low / tall
set tmargin at screen high / tall
set format x
set yrange [*:*]
reach = slowest > 0 ? slowest : 1 # all may be final in the moment of their proposal, or none at all
if (logarithmic) { set logscale y; set ytics autofreq } else { set yrange [0:reach * 1.15]; set ytics nice_step(reach) }
set format y '%g'
set y2range [0:1]
eval across('Time ('.unit.')')
if (any_final) {
    eval panel_title('Finality ('.slow.')', .6, 'Blocks per '.bin)
    eval key_line(3, 'first node')
    eval key_line(2, '2/3 of stake')
    eval key_line(1, 'last node')
} else {
    eval panel_title('Finality', .6, 'Blocks per '.bin)
    unset ytics
    set label 1 as_small('no block of the main chain is final') at graph .5, graph .5 center font small
}
if (not_final > 0) { eval key_mark(7, 'never') }
longest(who) = strcol(who) eq 'NA' ? NaN : column(who) / per_slow
plot table using (middle(0)):(longest('last_s')) with linespoints linetype 1 pointsize .2 * dot, \
    table using (middle(0)):(longest('two_thirds_stake_s')) with linespoints linetype 2 pointsize .2 * dot, \
    table using (middle(0)):(longest('first_s')) with linespoints linetype 3 pointsize .2 * dot, \
    table using (middle(0)):(column('not_final') > 0 ? .93 : NaN) axes x1y2 with points linetype 7
unset multiplot

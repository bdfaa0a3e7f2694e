# SPDX-License-Identifier: MIT
# How the cost of a final block grows with the validators: the rows that growth.py keeps in a folder.
#   gnuplot -c tests/bench/growth.gp FOLDER OUTPUT [COLUMNS]
name = 'growth'; legend = 1; left = 1.6; right = .6; tall = 6.6
dir = ARG1; output = ARG2; columns = ARG3; data = ARG1
load ARG0[:strlen(ARG0) - strlen(name) - 3].'../../analysis/style.gp'

shares = '0 20 33'
stats table using 'validators' name 'n' nooutput
stats table using 'ms_per_block' name 'cost' nooutput

eval key_both(1, 'all vote')
eval key_both(2, '20 % silent')
eval key_both(3, '33 % silent')
eval key_line(8, 'as events')
eval key_line(7, 'n squared')
eval key_fit(0)
eval across('Validators')
eval upwards('Processor time of a final block (ms)')
set xrange [.7 * n_min:1.4 * n_max]
set yrange [.5 * cost_min:2 * cost_max]
eval log_ticks('x', n_min, n_max)
eval log_ticks('y', cost_min, cost_max)

of(way, share, s) = strcol('deliveries') eq way && column('silent_percent') == share ? column(s) : NaN
stats table using (of('late', 0, 'validators') == 1000 ? (late_1000 = column('ms_per_block')) : NaN) nooutput
plot table using (of('late', 0, 'validators')):(late_1000 * (column('validators') / 1000)**2) with lines linetype 7 \
        linewidth .6, \
    for [i = 1:3] table using (of('events', word(shares, i) + 0, 'validators')):(column('ms_per_block')) \
        with linespoints linetype i dashtype (3,2), \
    for [i = 1:3] table using (of('late', word(shares, i) + 0, 'validators')):(column('ms_per_block')) \
        with linespoints linetype i dashtype solid

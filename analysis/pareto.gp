# SPDX-License-Identifier: MIT
# The points of a sweep by two metrics, with their intervals; filled are those of the front, which no other point beats
# in both. Beside them the swept values that have no style of their own.
#   gnuplot -c analysis/pareto.gp RESULTS OUTPUT [COLUMNS [DATA]]
name = 'pareto'; legend = 1; left = 1.5
dir = ARG1; output = ARG2; columns = ARG3; data = ARG4
load ARG0[:strlen(ARG0) - strlen(name) - 3].'style.gp'

stats facts using (x_title = strcol('x_title'), x_from = column('x_from'), x_to = column('x_to'), \
    x_log = int(column('x_log')), y_title = strcol('y_title'), y_from = column('y_from'), y_to = column('y_to'), \
    y_log = int(column('y_log')), by_title = strcol('by_title'), styles = int(column('styles')), 0) nooutput

shown = styles > 0 ? styles : 1
if (styles > 0) {
    eval read_styles
    eval key_title(by_title.':')
    do for [i = 1:styles] { eval key_mark(i, style_label[i]) }
}
eval key_line(8, 'front')
eval key_fit(0)
eval across(x_title)
eval upwards(y_title)
set xrange [x_from:x_to]
set yrange [y_from:y_to]
if (x_log) { eval log_ticks('x', x_from, x_to) }
if (y_log) { eval log_ticks('y', y_from, y_to) }

array filled[7] = [7, 9, 5, 13, 11, 15, 2]
array hollow[7] = [6, 8, 4, 12, 10, 14, 2]
front = data.'/'.name.'_front.csv'
x_wide = wide - left - right; y_tall = high - low # cm
moved(v, by, from, to, log_, length) = log_ ? v * (to / from)**(by / length) : v + by * (to - from) / length
label_x(dummy) = moved(column('x'), column('dx_cm'), x_from, x_to, x_log, x_wide)
label_y(dummy) = moved(column('y'), column('dy_cm'), y_from, y_to, y_log, y_tall)
text(s) = column('shown') == 1 && int(column('side')) == s ? data_small(data_text(fit(strcol('label'), 2.4))) : ''
of(i, f) = int(column('style')) == i && int(column('front')) == f ? column('x') : NaN
is(i) = int(column('style')) == i ? 0 : NaN
plot front using (column('x')):(column('y')) with lines linetype 8, \
    for [i = 0:shown - 1] table using (is(i) + end_of('x_low', 'x')):(column('y')):(reach('x_low', 'x_high', 'x')):(0) \
         with vectors nohead linetype i + 1 dashtype solid linewidth .8, \
    for [i = 0:shown - 1] table using (is(i) + column('x')):(end_of('y_low', 'y')):(0):(reach('y_low', 'y_high', 'y')) \
         with vectors nohead linetype i + 1 dashtype solid linewidth .8, \
    for [i = 0:shown - 1] table using (of(i, 0)):(column('y')) with points linetype i + 1 dashtype solid \
         pointtype hollow[i + 1] linewidth 1, \
    for [i = 0:shown - 1] table using (of(i, 1)):(column('y')) with points linetype i + 1 dashtype solid \
         pointtype filled[i + 1], \
    table using (label_x(0)):(label_y(0)):(text(1)) with labels left font small, \
    table using (label_x(0)):(label_y(0)):(text(-1)) with labels right font small, \
    table using (label_x(0)):(label_y(0)):(text(0)) with labels center font small

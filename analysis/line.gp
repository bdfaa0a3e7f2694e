# SPDX-License-Identifier: MIT
# A metric over a swept key: a line for each value of another key, with the interval of each estimate as a band (or as
# bars, where the values across are texts).
#   gnuplot -c analysis/line.gp RESULTS OUTPUT [COLUMNS [DATA]]
name = 'line'; legend = 1; left = 1.5
dir = ARG1; output = ARG2; columns = ARG3; data = ARG4
load ARG0[:strlen(ARG0) - strlen(name) - 3].'style.gp'

stats facts using (x_title = strcol('x_title'), x_from = column('x_from'), x_to = column('x_to'), \
    x_log = int(column('x_log')), numeric = int(column('numeric')), y_title = strcol('y_title'), \
    y_from = column('y_from'), y_to = column('y_to'), y_log = int(column('y_log')), by_title = strcol('by_title'), \
    styles = int(column('styles')), ticks_count = int(column('ticks')), lines = int(column('lines')), 0) nooutput

array style_of[lines]
stats table using (style_of[int(column('line')) + 1] = int(column('style')) + 1, 0) nooutput
if (ticks_count) { eval read_ticks; eval turn_ticks(ticks_count) }
if (styles > 0) {
    eval read_styles
    eval key_title(by_title.':')
    do for [i = 1:styles] { eval numeric ? key_both(i, style_label[i]) : key_mark(i, style_label[i]) }
}
eval key_fit(0)
eval across(x_title)
eval upwards(y_title)
set xrange [x_from:x_to]
set yrange [y_from:y_to]
if (x_log) { eval log_ticks('x', x_from, x_to) }
if (y_log) { eval log_ticks('y', y_from, y_to) }
if (ticks_count) { eval x_ticks }

# Texts stand side by side: each style a little apart from the others.
apart = numeric ? 0 : .5 / (styles > 1 ? styles : 1)
x(dummy) = column('x') + apart * (column('style') - (styles - 1) / 2.) * (styles > 1)
band(i, s) = int(column('line')) == i && column('bar') == 0 ? end_of(s, 'y') : NaN
of(i, s) = int(column('line')) == i ? column(s) : NaN
bar(i) = int(column('line')) == i && column('bar') == 1 ? x(0) : NaN
set style fill transparent solid .22 noborder
plot for [i = 0:lines - 1] table using (x(0)):(band(i, 'low')):(band(i, 'high')) with filledcurves \
         linecolor rgb colour_of[style_of[i + 1]], \
    for [i = 0:lines - 1] for [end in 'low high'] table using (x(0)):(band(i, end)) with lines \
         linecolor rgb colour_of[style_of[i + 1]] linewidth .4 dashtype solid, \
    for [i = 0:lines - 1] table using (bar(i)):(end_of('low', 'y')):(0):(reach('low', 'high', 'y')) \
         with vectors nohead linetype style_of[i + 1] dashtype solid linewidth 1.2, \
    for [i = 0:lines - 1] table using (numeric ? x(0) : NaN):(of(i, 'y')) with lines linetype style_of[i + 1], \
    for [i = 0:lines - 1] table using (x(0)):(of(i, 'y')) with points linetype style_of[i + 1] dashtype solid

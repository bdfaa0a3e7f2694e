# SPDX-License-Identifier: MIT
# The share of runs in which something happened, over a swept key, with its interval; and a curve from theory.
#   gnuplot -c analysis/success_curve.gp RESULTS OUTPUT [COLUMNS [DATA]]
name = 'success_curve'; legend = 1
dir = ARG1; output = ARG2; columns = ARG3; data = ARG4
load ARG0[:strlen(ARG0) - strlen(name) - 3].'style.gp'

stats facts using (x_title = strcol('x_title'), x_from = column('x_from'), x_to = column('x_to'), \
    x_log = int(column('x_log')), numeric = int(column('numeric')), y_title = strcol('y_title'), \
    y_from = column('y_from'), y_to = column('y_to'), y_log = int(column('y_log')), by_title = strcol('by_title'), \
    styles = int(column('styles')), ticks_count = int(column('ticks')), none = int(column('none')), \
    theory = int(column('theory')), \
    theory_label = strcol('theory_label'), 0) nooutput

shown = styles > 0 ? styles : 1
if (ticks_count) { eval read_ticks; eval turn_ticks(ticks_count) }
if (styles > 0) {
    eval read_styles
    eval key_title(by_title.':')
    do for [i = 1:styles] { eval numeric ? key_both(i, style_label[i]) : key_mark(i, style_label[i]) }
} else { if (theory) { eval key_both(1, 'simulated') } }
if (theory) { eval key_line(8, theory_label) }
eval key_fit(0)
eval across(x_title)
eval upwards(y_title)
set xrange [x_from:x_to]
set yrange [y_from:y_to]
if (x_log) { eval log_ticks('x', x_from, x_to) }
# On a logarithmic axis those with no success stand at its foot.
if (y_log) { eval log_ticks('y', y_from, y_to) } else { set ytics nice_step(y_to) }
if (y_log && none) { set ytics add ('0' y_from) }
if (ticks_count) { eval x_ticks }

# Styles stand a little apart, so that intervals do not cover each other.
aside(dummy) = column('style') - (shown - 1) / 2.
apart = numeric ? .06 / (wide - left - right) : .5 / shown
x(dummy) = !numeric ? column('x') + apart * aside(0) : x_log ? column('x') * (x_to / x_from)**(apart * aside(0)) \
    : column('x') + (x_to - x_from) * apart * aside(0)
of(i) = int(column('style')) == i ? x(0) : NaN
curve = theory ? data.'/'.name.'_theory.csv' : table # without a theory nothing of it is drawn
plot curve using (theory ? column('x') : NaN):(column('share')) with lines linetype 8, \
    for [i = 0:shown - 1] table using (numeric ? of(i) : NaN):(column('share')) with lines linetype i + 1, \
    for [i = 0:shown - 1] table using (of(i)):(column('low')):(0):(column('high') - column('low')) with vectors nohead \
         linetype i + 1 dashtype solid linewidth 1.2, \
    for [i = 0:shown - 1] table using (of(i)):(column('share')) with points linetype i + 1 dashtype solid

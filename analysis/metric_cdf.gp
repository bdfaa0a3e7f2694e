# SPDX-License-Identifier: MIT
# The distribution of a metric over the replications: the share of runs within a value, a curve for each swept value.
# Marks: the mean, with its interval.
#   gnuplot -c analysis/metric_cdf.gp RESULTS OUTPUT [COLUMNS [DATA]]
name = 'metric_cdf'; legend = 1
dir = ARG1; output = ARG2; columns = ARG3; data = ARG4
load ARG0[:strlen(ARG0) - strlen(name) - 3].'style.gp'

stats facts using (title = strcol('title'), from = column('from'), to = column('to'), log_ = int(column('log')), \
    other_title = strcol('other_title'), by_title = strcol('by_title'), styles = int(column('styles')), 0) nooutput

shown = styles > 0 ? styles : 1
if (styles > 0) {
    eval read_styles
    eval key_title(by_title.':')
    do for [i = 1:styles] { eval key_both(i, style_label[i]) }
}
eval key_fit(0)
eval across(title)
eval upwards(other_title)
set xrange [from:to]
if (log_) { eval log_ticks('x', from, to) }
set yrange [0:100]
set ytics 25
means = data.'/'.name.'_means.csv'
of(i, s) = int(column('style')) == i ? column(s) : NaN
# The means stand where half of the runs are, a little apart from one another.
level(i) = 50 + 6 * (i - (shown - 1) / 2.)
plot for [i = 0:shown - 1] table using (of(i, 'value')):(100 * column('share')) with steps linetype i + 1, \
    for [i = 0:shown - 1] means using (of(i, 'mean') * 0 + end_of('low', 'mean')):(level(i)): \
         (reach('low', 'high', 'mean')):(0) with vectors nohead linetype i + 1 dashtype solid linewidth 1.4, \
    for [i = 0:shown - 1] means using (of(i, 'mean')):(level(i)) with points linetype i + 1 dashtype solid

# SPDX-License-Identifier: MIT
# How often a metric takes which value over the replications: a panel for each swept value, all over the same bins.
# Diamonds: the mean, with its interval.
#   gnuplot -c analysis/histogram.gp RESULTS OUTPUT [COLUMNS [DATA]]
name = 'histogram'; tall = 6.4
dir = ARG1; output = ARG2; columns = ARG3; data = ARG4
load ARG0[:strlen(ARG0) - strlen(name) - 3].'style.gp'

stats facts using (title = strcol('title'), from = column('from'), to = column('to'), \
    other_title = strcol('other_title'), by_title = strcol('by_title'), styles = int(column('styles')), 0) nooutput
stats data.'/'.name.'_heights.csv' using (highest = column('highest'), 0) nooutput
shown = styles > 0 ? styles : 1
if (styles > 0) { eval read_styles }

means = data.'/'.name.'_means.csv'
# Short names of panels stand beside the mean, long ones above it.
name_of(i) = fit((i == 0 ? by_title.' ' : '').style_label[i + 1], wide - left - right)
longest = 0
if (styles > 0) { do for [i = 0:shown - 1] { longest = longer(longest, room(name_of(i))) } }
above = longest > .45 * (wide - left - right)
head = above ? 1.65 : 1.3
set xrange [from:to]
set yrange [0:highest * head]
set ytics nice_step(highest * head) * (shown > 3 ? 2 : 1)
of(i, s) = int(column('style')) == i ? column(s) : NaN
set multiplot
eval across(title)
eval upwards(other_title)
step = (high - low) / shown
set format x ''
do for [i = 0:shown - 1] {
    foot = high - (i + 1) * step
    set bmargin at screen foot / tall
    set tmargin at screen (foot + step - .12) / tall
    if (i == shown - 1) { set format x '%g' }
    if (styles > 0) {
        set label 1 as_small(name_of(i)) at graph .98, graph above ? .9 : .85 right font small
    }
    plot table using (of(i, 'from') / 2 + column('to') / 2):(column('share')):(column('to') - column('from')) \
             with boxes fillcolor rgb shade_of[i + 1] fillstyle solid border linecolor rgb colour_of[i + 1] \
             linewidth .6 dashtype solid, \
        means using (of(i, 'mean') * 0 + end_of('low', 'mean')):(highest * 1.15):(reach('low', 'high', 'mean')):(0) \
             with vectors nohead linecolor rgb 'black' linewidth 1.4 dashtype solid, \
        means using (of(i, 'mean')):(highest * 1.15) with points linecolor rgb 'black' pointtype 13 pointsize .5 * dot
    unset label
}
unset multiplot

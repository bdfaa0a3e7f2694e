# SPDX-License-Identifier: MIT
# One run in windows of time, a panel below the other: blocks proposed and blocks that became final, the time from
# proposal to finality at nodes with 2/3 of the stake (median, and from the least to the greatest), votes, messages,
# the most bytes that waited in mempools.
# Grey: faults.
#   gnuplot -c analysis/time_series.gp RESULTS OUTPUT [COLUMNS [DATA]]
name = 'time_series'; legend = 1; left = 1.4
dir = ARG1; output = ARG2; columns = ARG3; data = ARG4
if (strlen(data) == 0) data = dir.'/plots/data'
set datafile separator comma
set datafile columnheaders
stats data.'/'.name.'_facts.csv' using (panels = int(column('panels')), 0) nooutput
tall = 2.2 + 2.2 * (panels > 1 ? panels : 1.4)
load ARG0[:strlen(ARG0) - strlen(name) - 3].'style.gp'

stats facts using (unit = strcol('unit'), per_unit = column('unit_s'), until = column('until_s') / per_unit, \
    faults = int(column('faults')), 0) nooutput
load folder.'faults.gp'

middle(dummy) = (column('from_s') + column('to_s')) / 2 / per_unit
width(dummy) = (column('to_s') - column('from_s')) / per_unit
set xrange [0:until]
set y2range [0:1]
set style fill solid
step = (tall - top - bottom) / panels
gap = .45
longest = ''
stats data.'/'.name.'_panels.csv' using (longest = strlen(strcol('title')) > strlen(longest) ? strcol('title') \
    : longest, 0) nooutput
set multiplot
do for [i = 1:panels] {
    stats data.'/'.name.'_panels.csv' every ::(i - 1)::(i - 1) using (panel = strcol('panel'), \
        title = strcol('title'), factor = column('factor'), most = column('most'), never = column('never'), 0) nooutput
    high = tall - top - (i - 1) * step
    low = high - step + (i < panels ? gap : 0)
    set tmargin at screen high / tall
    set bmargin at screen low / tall
    if (i == panels) { set format x; eval across('Time ('.unit.')') } else { set format x '' }
    known = most > 0
    if (!known) { most = 1 }
    set yrange [0:most * (i == 1 && faults && faults <= 4 ? 1.4 : 1.12)]
    set ytics nomirror out scale .5 nice_step(most)
    eval panel_title(title, step - (high - low) - .1, longest)
    key_x = format eq 'term' ? .107 * (strlen(title) + 3) : left; key_y = high + .26
    if (panel eq 'blocks') {
        eval key_box('#8DC1E4', 'proposed')
        eval key_both(2, 'became final')
        plot table using (middle(0)):(column('proposed')):(width(0)) with boxes linecolor rgb '#8DC1E4' linewidth .3, \
            table using (middle(0)):(column('final')) with linespoints linetype 2 pointsize .25 * dot
    }
    if (panel eq 'finality') {
        eval key_both(1, 'median')
        eval key_box('#CCE3F0', 'least to greatest')
        if (never > 0) { eval key_mark(7, 'never') }
        if (!known) {
            unset ytics
            set label 1 as_small('no block of the main chain got there') at graph .5, graph .5 center font small
        }
        plot table using (middle(0)):(column('finality_least_s') / factor):(column('finality_most_s') / factor) \
                 with filledcurves linecolor rgb '#CCE3F0', \
            table using (middle(0)):(column('finality_p50_s') / factor) with linespoints linetype 1 \
                 pointsize .25 * dot, \
            table using (middle(0)):(column('not_final') > 0 ? .93 : NaN) axes x1y2 with points linetype 7
    }
    if (panel eq 'votes' || panel eq 'messages' || panel eq 'mempool') {
        plot table using (middle(0)):(column(panel) / factor):(width(0)) with boxes linecolor rgb '#B8B8B8' linewidth .3
    }
    unset label
    do for [j = 1101:1120] { unset object j; unset arrow j }
}
unset multiplot

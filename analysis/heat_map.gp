# SPDX-License-Identifier: MIT
# A metric over two swept keys: a cell for each pair of values, darker where the metric is greater. Cells that have room
# say the mean, and the larger ones its interval.
#   gnuplot -c analysis/heat_map.gp RESULTS OUTPUT [COLUMNS [DATA]]
name = 'heat_map'; right = 1.75
dir = ARG1; output = ARG2; columns = ARG3; data = ARG4
load ARG0[:strlen(ARG0) - strlen(name) - 3].'style.gp'

stats facts using (x_title = strcol('x_title'), columns_ = column('columns'), x_count = int(column('x_ticks')), \
    y_title = strcol('y_title'), rows = column('rows'), y_count = int(column('y_ticks')), \
    z_title = strcol('z_title'), from = column('from'), to = column('to'), log_ = int(column('log')), \
    says_interval = int(column('intervals')), 0) nooutput

if (y_count) { eval read_ticks_of('y'); eval make_room; eval y_ticks }
if (x_count) { eval read_ticks_of('x'); eval turn_ticks(x_count); eval x_ticks }
eval across(x_title)
eval upwards(y_title)
set xrange [-.5:columns_ - .5]
set yrange [-.5:rows - .5]
unset grid
set border 0
set tics scale 0

# From light to dark, so that grey print keeps the order.
set palette defined (0 '#FFF7D6', .25 '#BFE3C0', .5 '#5DB5C0', .75 '#2A6FA8', 1 '#12245B')
set cbrange [from:to]
if (log_) { set logscale cb }
set cbtics scale .5 offset -.6, 0
set format cb '%g'
set colorbox user origin screen 1 - (right - .15) / wide, screen low / tall size screen .28 / wide, \
    screen (high - low) / tall border
if (format eq 'term') {
    set label 1003 z_title at screen .5, screen .99 left
} else {
    z_titled = title_room(z_title) < high - low ? title_at(1003, z_title, wide - .2, (low + high) / 2, 'rotate') \
        : title_at(1003, fit(z_title, tall - .2), wide - .2, tall / 2., 'rotate font small')
    eval z_titled
}

cell_wide = (wide - left - right) / columns_; cell_tall = (high - low) / rows # cm
says_value = cell_wide > .75 && cell_tall > .3
depth(v) = log_ ? log(v / from) / log(to / from) : (v - from) / (to - from)
ink(v) = v == v ? (depth(v) > .55 ? 0xFFFFFF : 0x000000) : 0x555555
known(dummy) = column('value') == column('value') ? column('value') : NaN
set style fill solid border
mean(dummy) = says_value ? data_small(strcol('text')) : ''
interval(dummy) = says_interval && strcol('interval') ne 'NA' ? data_tiny(strcol('interval')) : ''
up(dummy) = strlen(interval(0)) ? .13 / cell_tall : 0
plot table using (column('x')):(column('y')):(.48):(.47):(0xEEEEEE) with boxxyerror linecolor rgb variable \
         fillstyle pattern 4 noborder, \
    table using (column('x')):(column('y')):(.5):(.5):(known(0)) with boxxyerror linewidth 1 dashtype solid \
         fillcolor palette fillstyle solid border linecolor rgb 'white', \
    table using (column('x')):(column('y') + up(0)):(mean(0)):(ink(column('value'))) with labels \
         font small textcolor rgb variable, \
    table using (column('x')):(column('y') - up(0)):(interval(0)): \
         (ink(column('value'))) with labels font tiny textcolor rgb variable

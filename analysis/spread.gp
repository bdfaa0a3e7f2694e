# SPDX-License-Identifier: MIT
# What box.gp and violin.gp have in common; loaded by them after style.gp. A swept key goes across by places 0, 1, ...;
# the styles of one place stand side by side.
stats facts using (title = strcol('title'), from = column('from'), to = column('to'), log_ = int(column('log')), \
    other_title = strcol('other_title'), places = column('places'), by_title = strcol('by_title'), \
    styles = int(column('styles')), ticks_count = int(column('ticks')), 0) nooutput

shown = styles > 0 ? styles : 1
if (ticks_count) { eval read_ticks; eval turn_ticks(ticks_count) }
if (styles > 0) {
    eval read_styles
    eval key_title(by_title.':')
    do for [i = 1:styles] { eval key_fill(shade_of[i], colour_of[i], style_label[i]) }
}
eval key_fit(0)
if (strlen(other_title)) { eval across(other_title) }
eval upwards(title)
set grid noxtics
set xrange [-.55:places - .45]
set yrange [from:to]
if (log_) { eval log_ticks('y', from, to) }
set xtics scale 0
if (ticks_count) { eval x_ticks } else { unset xtics }
aside(style) = .8 / shown * (style - (shown - 1) / 2.)
of(i) = int(column('style')) == i ? column('x') + aside(i) : NaN
of_any(dummy) = column('x') + aside(column('style'))

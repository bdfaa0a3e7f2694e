# SPDX-License-Identifier: MIT
# Who secures what: regions or nodes, validators and chains in columns, joined by ribbons as wide as the stake.
#   gnuplot -c analysis/stake_graph.gp RESULTS OUTPUT [COLUMNS [DATA]]
name = 'stake_graph'
dir = ARG1; output = ARG2; columns = ARG3; data = ARG4
set datafile separator comma
set datafile columnheaders
line = .29 # cm, of a label
stats (strlen(data) ? data : dir.'/plots/data').'/stake_graph_facts.csv' using (lines = column('tall'), \
    is_corrupt = int(column('corrupt')), 0) nooutput
tall = lines * line + (is_corrupt ? 1.3 : .95)
left = .1; right = .1
load ARG0[:strlen(ARG0) - strlen(name) - 3].'style.gp'

stats facts using (layers = int(column('columns')), posts = int(column('posts')), ribbons = int(column('ribbons')), \
    title_1 = strcol('left_title'), title_2 = strcol('middle_title'), title_3 = strcol('right_title'), 0) nooutput
if (layers == 2) { title_2 = title_3 }
array title_of[3] = [title_1, title_2, title_3]

# What stands in a post's label: its name, as much of it as there is room for, and its share.
percent(share) = share >= .0995 ? sprintf('%.0f %%', 100 * share) : share >= .001 ? sprintf('%.1f %%', 100 * share) \
    : '< 0.1 %'
array text_of[posts]; array share_of[posts]; array layer_of[posts]; array middle_of[posts]
array top_of[posts]; array bottom_of[posts]; array bad_of[posts]
post = 0
stats table using (post = post + 1, bad_of[post] = int(column('corrupt')), \
    text_of[post] = (bad_of[post] && column('items') == 1 ? '* ' : ''). \
        strcol(format eq 'tex' ? 'plain_label' : 'label'), layer_of[post] = int(column('column')) + 1, \
    share_of[post] = strcol('kind') eq 'chain' ? '' : percent(column('share')), \
    top_of[post] = column('top'), bottom_of[post] = column('bottom'), \
    middle_of[post] = (column('top') + column('bottom')) / 2, 0) nooutput

# Columns take what their labels need, up to a part of the width that leaves room for ribbons.
most_wide = (wide - left - right - (layers - 1) * (columns eq '2' ? 2.4 : .85)) / layers
array wide_of[3] = [0, 0, 0]
beside(l) = layers == 3 && l == 2 ? .25 : .14 # cm, of a column's posts and the space between them and the label
need(i) = room(text_of[i]) + (strlen(share_of[i]) ? room('  '.share_of[i]) : 0) + beside(layer_of[i]) + .01
do for [i = 1:posts] {
    if (need(i) > wide_of[layer_of[i]]) { wide_of[layer_of[i]] = need(i) }
    if (room(title_of[layer_of[i]]) > wide_of[layer_of[i]]) { wide_of[layer_of[i]] = room(title_of[layer_of[i]]) }
}
# What some do not need, others may have.
spare = 0; wanting = 0
do for [l = 1:layers] {
    if (wide_of[l] > most_wide) { wanting = wanting + 1 } else { spare = spare + most_wide - wide_of[l] }
}
do for [l = 1:layers] {
    if (wide_of[l] > most_wide + (wanting ? spare / wanting : 0)) { wide_of[l] = most_wide + spare / wanting }
}
taken = 0
do for [l = 1:layers] { taken = taken + wide_of[l] }
between = (wide - left - right - taken) / (layers - 1) # cm, of ribbons
post_wide = .09
array x_of[3]
x_of[1] = left
x_of[2] = x_of[1] + wide_of[1] + between
x_of[3] = x_of[2] + wide_of[2] + between

least = .035 # lines: a ribbon that is hardly there is a hairline
array from_of[ribbons]; array to_of[ribbons]; array thick_of[ribbons]; array start_of[ribbons]; array evil_of[ribbons]
ribbon = 0
stats data.'/'.name.'_ribbons.csv' using (ribbon = ribbon + 1, from_of[ribbon] = column('from_top'), \
    to_of[ribbon] = column('to_top'), thick_of[ribbon] = column('thickness') > least ? column('thickness') : least, \
    start_of[ribbon] = (x_of[int(column('column')) + 1] + wide_of[int(column('column')) + 1]), \
    evil_of[ribbon] = int(column('corrupt')), 0) nooutput

if (is_corrupt) {
    eval key_box('#B7D3E8', 'stake of honest validators')
    eval key_box('#C04A00', 'of corrupt ones (*)')
}
set lmargin at screen 0; set rmargin at screen 1
set bmargin at screen .05 / tall; set tmargin at screen (.05 + lines * line) / tall
set xrange [0:wide]
set yrange [lines:0]
unset border; unset tics; unset grid
do for [l = 1:layers] {
    title_x = l == 1 ? x_of[l] + wide_of[l] : l == layers ? x_of[l] : x_of[l] + wide_of[l] / 2
    eval sprintf("set label %d %s at screen %.4f, screen %.4f %s font small textcolor rgb '#555555'", 100 + l, \
        quoted(as_small(title_of[l])), title_x / wide, (.05 + lines * line + .2) / tall, \
        l == 1 ? 'right' : l == layers ? 'left' : 'center')
}
label_at(number, s, i, x, how) = sprintf("set label %d %s at %.4f, %.4f %s font small", number, \
    quoted(as_small(s)), x, middle_of[i], how)
do for [i = 1:posts] {
    l = layer_of[i]
    share = strlen(share_of[i]) ? '  '.share_of[i] : ''
    text = fit(text_of[i], wide_of[l] - beside(l) - room(share))
    eval label_at(200 + i, l == 1 ? text.share : text, i, l == 1 ? x_of[l] + wide_of[l] - post_wide - .06 \
        : x_of[l] + post_wide + .06, l == 1 ? 'right' : 'left')
    if (l == 2 && layers == 3) { \
        eval label_at(300 + i, share_of[i], i, x_of[l] + wide_of[l] - post_wide - .06, 'right') }
    colour = bad_of[i] ? '#8A3500' : '#0072B2'
    if (format ne 'term') {
        if (l > 1) { eval sprintf("set object %d rectangle from %.4f, %.4f to %.4f, %.4f front fillcolor rgb '%s' \
            fillstyle solid border linecolor rgb '%s' linewidth .4", 400 + i, x_of[l], top_of[i], \
            x_of[l] + post_wide, bottom_of[i], colour, colour) }
        if (l < layers) { eval sprintf("set object %d rectangle from %.4f, %.4f to %.4f, %.4f front fillcolor rgb \
            '%s' fillstyle solid border linecolor rgb '%s' linewidth .4", 600 + i, \
            x_of[l] + wide_of[l] - post_wide, top_of[i], x_of[l] + wide_of[l], bottom_of[i], colour, colour) }
    }
}

set samples 33
bend(t) = t * t * (3 - 2 * t)
t(dummy) = column(0) < 31 ? column(0) / 31 : 1 # `+` may leave out its first sample
upper(i, t) = from_of[i] + (to_of[i] - from_of[i]) * bend(t)
fill_of(i) = evil_of[i] ? 0xC04A00 : 0xB7D3E8
if (format eq 'term') {
    plot for [i = 1:ribbons] '+' using (start_of[i] + between * t(0)):(upper(i, t(0)) + thick_of[i] / 2) \
        with lines linetype (evil_of[i] ? 2 : 1)
} else {
    # Each after a white one that is a little wider, so that ribbons stay apart where they cross.
    of(k) = (k + 1) / 2
    rim(k) = k % 2 && thick_of[of(k)] > .2 ? .05 : 0
    plot for [k = 1:2 * ribbons] '+' using (start_of[of(k)] + between * t(0)):(upper(of(k), t(0)) - rim(k)): \
        (upper(of(k), t(0)) + thick_of[of(k)] + rim(k)) with filledcurves \
        fillcolor rgb (rim(k) > 0 ? 0xFFFFFF : fill_of(of(k))) fillstyle solid noborder
}

# SPDX-License-Identifier: MIT
# What all figures have in common: size, type, colours, and the text that says which data are shown. Each script sets
#   name (its own), dir, output, columns, data (its arguments), if it likes tall and left (cm: height, left margin) and
#   legend (1: room for a key)
# and loads this file, which leaves behind
#   table, as_text(s), note, small, key_line and so on, and the line types 1 to 7.
# An output `term` is text on stdout: columns is then the number of characters across, and may go on with ` ansi`.
# Colours are those of Okabe and Ito (gnuplot's podo) without the yellow, which paper does not show; every line type has
# its own dashes and marker as well, so that figures survive grey print and colour blindness.

if (strlen(output) == 0) {
    printerr 'usage: gnuplot -c analysis/'.name.'.gp RESULTS OUTPUT.(svg|png|pdf|tex) [1|2 columns] [DATA FOLDER]'
    printerr '   or: gnuplot -c analysis/'.name.'.gp RESULTS term [CHARACTERS] [DATA FOLDER]'
    exit status 2
}
folder = ARG0[:strlen(ARG0) - strlen('style.gp')] # of the scripts
if (strlen(data) == 0) data = dir.'/plots/data'
if (!exists('tall')) tall = 5.4
if (!exists('legend')) legend = 0
wide = (columns eq '2') ? 17.6 : 8.5
format = output[strlen(output) - 2:]
if (output eq 'term') {
    format = 'term'
    across_characters = strlen(columns) ? int(word(columns, 1)) : 80
    wide = .107 * across_characters # cm: a character is as wide as one of the key
}
points = 8 # of type, on paper
svg_points = 96 / 72.0 # what SVG takes for a point

if (format eq 'svg') {
    dots = 96 / 2.54 # pixels a cm, as browsers have it
    set terminal svg size wide * dots, tall * dots noenhanced fixed \
        font sprintf('Helvetica,%.2f', points * svg_points) \
        linewidth 1 background rgb 'white'
}
if (format eq 'png') {
    dots = 300 / 2.54
    set terminal pngcairo size wide * dots, tall * dots noenhanced font sprintf('Helvetica,%g', points) \
        fontscale 300 / 96.0 linewidth 3 pointscale 3.2 dashlength 1.6
}
if (format eq 'pdf') set terminal pdfcairo size wide cm, tall cm noenhanced font sprintf('Helvetica,%g', points) \
    fontscale 72 / 96.0 linewidth 1.3 pointscale .9
if (format eq 'tex') set terminal cairolatex pdf size wide cm, tall cm colourtext font sprintf(',%g', points) \
    header '\footnotesize' linewidth 1.3 pointscale .9
if (format eq 'term') {
    if (words(columns) > 1) { set terminal dumb size across_characters, int(tall / .235) noenhanced ansi } \
    else { set terminal dumb size across_characters, int(tall / .235) noenhanced mono }
}
if (!exists('dots') && format ne 'pdf' && format ne 'tex' && format ne 'term') {
    printerr 'the output must end in .svg, .png, .pdf or .tex, not '.output
    exit status 2
}

set encoding utf8
# Text as it is. In the data commas, double quotes and backslashes are other characters that look like them, since
# gnuplot would take them for its own (as_is turns them back); LaTeX would take some for commands.
swap(s, c, by) = strstrt(s, c) ? s[:strstrt(s, c) - 1].by.swap(s[strstrt(s, c) + strlen(c):], c, by) : s
quote(s, c) = swap(s, c, '\'.c)
as_is(s) = swap(swap(swap(s, '‚', ','), '″', '"'), '∖', '\')
escaped(s) = quote(quote(quote(quote(quote(quote(quote(s, '_'), '%'), '&'), '#'), '$'), '{'), '}')
commands(s) = swap(swap(swap(swap(swap(swap(s, '~', '\textasciitilde{}'), '^', '\textasciicircum{}'), \
    '<', '\textless{}'), '>', '\textgreater{}'), '|', '\textbar{}'), '[', '{[}') # a bracket behind \\ is an option
as_text(s) = (format eq 'tex') ? as_is(swap(commands(escaped(swap(s, '\', '∖'))), '∖', '\textbackslash{}')) : as_is(s)

small = sprintf(',%.2f', 6.5 * (format eq 'svg' ? svg_points : 1)) # a font for what is said beside the data

tiny = sprintf(',%.2f', 5.5 * (format eq 'svg' ? svg_points : 1))
as_small(s) = (format eq 'tex' ? '\scriptsize ' : '').as_text(s) # goes with `font small`
data_small(s) = (format eq 'tex' ? '\\scriptsize ' : '').s # the same in `with labels`, which takes one backslash off
data_tiny(s) = (format eq 'tex' ? '\\tiny ' : '').s
data_text(s) = swap(as_text(s), '\', '\\') # what users may call things, in `with labels`

tick(s) = swap(s, '%', '%%') # for labels of ticks, which gnuplot takes for formats
quoted(s) = "'".swap(s, "'", "''")."'" # for eval

set datafile separator comma
set datafile missing 'NA'
set datafile columnheaders

table = data.'/'.name.'.csv'
facts = data.'/'.name.'_facts.csv'
note = ''; unit = ''; per_unit = 1
stats facts using (note = strcol('note'), 0) nooutput

dot = format eq 'svg' ? .9 : 1 # SVG has larger markers
set linetype 1 linecolor rgb '#0072B2' dashtype 1 pointtype 7 pointsize .5 * dot linewidth 1.4
set linetype 2 linecolor rgb '#D55E00' dashtype (6,3) pointtype 9 pointsize .6 * dot linewidth 1.4
set linetype 3 linecolor rgb '#009E73' dashtype (2,2) pointtype 5 pointsize .5 * dot linewidth 1.4
set linetype 4 linecolor rgb '#CC79A7' dashtype (8,2,2,2) pointtype 13 pointsize .7 * dot linewidth 1.4
set linetype 5 linecolor rgb '#56B4E9' dashtype (10,2) pointtype 11 pointsize .6 * dot linewidth 1.4
set linetype 6 linecolor rgb '#E69F00' dashtype (4,2,1,2,1,2) pointtype 4 pointsize .6 * dot linewidth 1.4
set linetype 7 linecolor rgb '#000000' dashtype 1 pointtype 2 pointsize .6 * dot linewidth 1
set linetype 8 linecolor rgb '#000000' dashtype (3,2) pointtype 1 pointsize .6 * dot linewidth 1 # not of the data
grey = '#888888'

set border 3 linecolor rgb '#000000' linewidth .8
set tics nomirror out scale .5
set grid linetype 1 linecolor rgb '#DDDDDD' linewidth .6 dashtype solid
if (format eq 'term') set grid linetype nodraw
unset key
if (!exists('left')) left = 1.25
if (!exists('right')) right = .3
bottom = .95; top = legend ? .9 : .5 # cm, from the plot to the edge

# The room of a small text (cm) is what DejaVu Sans takes, the widest font that is likely to be found; in LaTeX what
# Computer Modern does.
tally(s, letter) = strstrt(s, letter) ? 1 + tally(s[strstrt(s, letter) + 1:], letter) : 0
narrow(s) = tally(s, 'f') + tally(s, 'i') + tally(s, 'l') + tally(s, 'r') + tally(s, 't') + tally(s, ' ') + \
    tally(s, '/')
broad(s) = tally(s, 'm') + tally(s, 'w') + tally(s, '%')
room(s) = format eq 'term' ? .107 * strlen(s) \
    : format eq 'tex' ? .146 * (strlen(s) - .36 * narrow(s) + .5 * broad(s)) \
    : .141 * (strlen(s) - .46 * narrow(s) + .54 * broad(s))

# A text of at most that room (cm): a longer one loses its middle.
without_middle(s, kept) = s[:(kept + 1) / 2].'…'.s[strlen(s) - kept / 2 + 1:]
fit(s, most) = room(s) <= most ? s : without_middle(s, int((strlen(s) - 1) * most / room(s)) > 2 \
    ? int((strlen(s) - 1) * most / room(s)) : 2)

# What the figure says of itself, in lines that fit, broken behind semicolons.
array note_line[4]
note_rows = 1; note_line[1] = ''
note_parts = swap(swap(note, ' ', "\001"), ";\001", '; ')
do for [i = 1:words(note_parts)] {
    part = swap(word(note_parts, i), "\001", ' ')
    if (note_rows < 4 && strlen(note_line[note_rows]) && room(note_line[note_rows].' '.part) > wide - left - .1) {
        note_rows = note_rows + 1; note_line[note_rows] = ''
    }
    note_line[note_rows] = note_line[note_rows].(strlen(note_line[note_rows]) ? ' ' : '').part
}
note_height = .28 * (note_rows - 1)
top = top + note_height + (format eq 'term' ? .35 : 0)
set lmargin at screen left / wide
set rmargin at screen 1 - right / wide
set bmargin at screen bottom / tall
set tmargin at screen 1 - top / tall
if (format eq 'svg') set xtics offset 0, .35

nice_step(most) = (step_raw = most / 3., step_power = 10**floor(log10(step_raw)), \
    step_raw < 1.5 * step_power ? step_power : \
    step_raw < 3.5 * step_power ? 2 * step_power : step_raw < 7.5 * step_power ? 5 * step_power : 10 * step_power)

# Titles of the axes have fixed places, since terminals differ in how wide they take tick labels to be. Use by eval.
low = bottom; high = tall - top # of the plot, in cm
title_at(label, s, x, y, how) = sprintf("set label %d %s at screen %.4f, screen %.4f center %s", label, \
    quoted(as_text(s)), \
    x / wide, y / tall, how)
title_room(s) = 1.25 * room(s) # its type is larger than that of a small text
fit_title(s, most) = title_room(s) <= most ? s : fit(s, most / 1.25)
# Beside the plot as far as there is room, else across the figure.
across(s) = title_at(1001, fit_title(s, wide - .2), (title_room(s) < wide - left - right + .4 \
    ? (left + wide - right) / 2 : wide / 2.), .17, '')
upwards_middle(s) = title_room(s) < high - low ? (low + high) / 2 : tall / 2.
upwards_in_term(s) = sprintf("set label 1002 %s at screen .01, screen %.4f left", quoted(as_text(s)), \
    (high + .2) / tall)
upwards(s) = format eq 'term' ? upwards_in_term(s) : title_room(s) < tall - .3 \
    ? title_at(1002, s, .2, upwards_middle(s), 'rotate') : \
    title_at(1002, fit(s, tall - .2), .2, tall / 2., 'rotate font small')
# Beside one panel of several, which leave each other that much room (cm): smaller where it needs be, in all of them.
panel_title(s, gap, longest) = format eq 'term' ? upwards_in_term(s) : title_room(longest) < high - low + gap \
    ? title_at(1002, s, .2, (low + high) / 2, 'rotate') \
    : title_at(1002, fit(s, high - low + gap), .2, (low + high) / 2, 'rotate font small')

# The key is a row above the plot, drawn by hand for the same reason. Use by eval, an entry after the other. A script
# whose key may need more rows, or none, ends it with key_fit, before it names the axes.
key_x = left; key_count = 0; key_rows = 1 # where the next entry begins (cm)
key_y = tall - .62 - note_height
key_sample = .4; key_gap = .12; key_space = .18 # cm: a sample, from there to its text, to the next entry
key_turn(title) = key_count > 0 && key_x + key_sample + key_gap + room(title) > wide - .05 \
    ? (key_rows = key_rows + 1, key_x = left, key_y = key_y - .34) : 0
key_fit(dummy) = (high = tall - top - .34 * (key_count ? key_rows - 1 : -1), \
    sprintf("set tmargin at screen %.4f", high / tall))
key_text(title) = sprintf("set label %d %s at screen %.4f, screen %.4f left font small", 1100 + key_count, \
    quoted(as_small(title)), (key_x - key_space - room(title)) / wide, key_y / tall)
key_title(title) = (key_shown = fit(title, wide - left), key_count = key_count + 1, \
    key_x = key_x + room(key_shown) + key_space, key_text(key_shown))
key_entry(title, sample) = (key_count = key_count + 1, \
    key_x = key_x + key_sample + key_gap + room(title) + key_space, key_text(title).'; '.sample)
key_most = wide - left - key_sample - key_gap - .1 # cm, for the text of an entry
pen(linetype) = '*#$%@&=-'[linetype:linetype] # what the terminal draws a line with
stroke(linetype) = format eq 'term' ? sprintf("set label %d '%s' at screen %.4f, screen %.4f left", 1151 + key_count, \
    pen(linetype).pen(linetype).pen(linetype), key_x / wide, key_y / tall) : \
    sprintf("set arrow %d from screen %.4f, screen %.4f rto screen %.4f, 0 nohead front linetype %d", \
    1101 + key_count, key_x / wide, key_y / tall, key_sample / wide, linetype)
mark_of(linetype) = sprintf("set label %d '' at screen %.4f, screen %.4f point linetype %d", 1201 + key_count, \
    (key_x + (format eq 'term' ? .107 : key_sample / 2)) / wide, key_y / tall, linetype)
filled_with(colour, border) = format eq 'term' ? sprintf("set label %d '[ ]' at screen %.4f, screen %.4f left", \
    1151 + key_count, key_x / wide, key_y / tall) : sprintf("set object %d rectangle from screen %.4f, screen %.4f \
    rto screen %.4f, screen %.4f fillcolor rgb '%s' fillstyle solid %s", 1101 + key_count, key_x / wide, \
    (key_y - .1) / tall, key_sample / wide, .2 / tall, colour, border)
key_line(linetype, title) = (key_shown = fit(title, key_most), key_turn(key_shown), \
    key_entry(key_shown, stroke(linetype)))
key_mark(linetype, title) = (key_shown = fit(title, key_most), key_turn(key_shown), \
    key_entry(key_shown, mark_of(linetype)))
key_both(linetype, title) = (key_shown = fit(title, key_most), key_turn(key_shown), \
    key_entry(key_shown, stroke(linetype).'; '.mark_of(linetype)))
key_box(colour, title) = (key_shown = fit(title, key_most), key_turn(key_shown), \
    key_entry(key_shown, filled_with(colour, 'noborder')))
key_fill(colour, border, title) = (key_shown = fit(title, key_most), key_turn(key_shown), \
    key_entry(key_shown, filled_with(colour, sprintf("border linecolor rgb '%s' linewidth .8", border))))

# What the figures of a sweep share. `eval read_ticks` reads NAME_ticks.csv: texts that `eval x_ticks` or `eval y_ticks`
# put beside the axis, as labels, since gnuplot cuts the texts of ticks. `eval read_styles` reads the labels of
# NAME_styles.csv into style_label[1], ... Both come before any range is set, since `stats` passes over what lies
# outside.
array tick_raw[200]
array tick_text[200]
array tick_at[200]
tick_room(s) = 1.25 * room(s) # their type is larger than that of a small text
read_ticks_from(file) = "tick_how = ''; ticks_room = 0; tick_count = 0; stats '".file."' using ( \
    tick_count = tick_count + 1, tick_at[tick_count] = column('at'), \
    tick_raw[tick_count] = strcol('label'), tick_text[tick_count] = as_text(strcol('label')), \
    ticks_room = longer(ticks_room, tick_room(strcol('label'))), 0) nooutput"
longer(a, b) = a > b ? a : b
read_ticks = read_ticks_from(data.'/'.name.'_ticks.csv')
read_ticks_of(axis) = read_ticks_from(data.'/'.name.'_'.axis.'_ticks.csv')

# Words in lines of at most that room (cm).
line_end = format eq 'tex' ? '\\' : "\n"
first_word(s) = strstrt(s, ' ') ? s[:strstrt(s, ' ') - 1] : s
after_word(s) = strstrt(s, ' ') ? s[strstrt(s, ' ') + 1:] : ''
broken(line, rest, most) = !strlen(rest) ? as_text(line) : tick_room(line.' '.first_word(rest)) <= most \
    ? broken(line.' '.first_word(rest), after_word(rest), most) \
    : as_text(line).line_end.broken(fit(first_word(rest), most / 1.25), after_word(rest), most)
in_lines(s, most) = broken(fit(first_word(s), most / 1.25), after_word(s), most)
lines_in(s) = 1 + tally(s, "\n") + (format eq 'tex' ? tally(s, '\\') : 0)
in_few_lines(s, most) = lines_in(in_lines(s, most)) > 3 ? in_lines(fit(s, 2.2 * most / 1.25), most) : in_lines(s, most)

# Texts beside an axis move the plot to the right, as far as they need; long ones are broken. By eval, before `across`.
make_room = "tick_most = ticks_room < .3 * wide ? ticks_room : .3 * wide; \
    do for [i_ = 1:tick_count] { tick_text[i_] = in_few_lines(tick_raw[i_], tick_most) }; \
    left = longer(left, tick_most + .75); set lmargin at screen left / wide"
# Texts under an axis that are too wide to stand side by side are broken, or where that does not do turned.
tick_wide(count) = (wide - left - right) / count - .08
crowded(count) = format ne 'term' && count > 1 && ticks_room > tick_wide(count)
turned_most = 2.9 # cm
break_ticks = "tick_lines = 1; do for [i_ = 1:tick_count] { tick_text[i_] = in_lines(tick_raw[i_], tick_most); \
    tick_lines = longer(tick_lines, lines_in(tick_text[i_])) }; if (tick_most >= 1.5 && tick_lines <= 3) { \
    bottom = bottom + .33 * (tick_lines - 1) } else { eval turn_all }; \
    low = bottom; set bmargin at screen bottom / tall"
turn_all = "do for [i_ = 1:tick_count] { tick_text[i_] = as_text(fit(tick_raw[i_], turned_most / 1.25)) }; \
    bottom = .77 + .5 * (ticks_room < turned_most ? ticks_room : turned_most); tick_how = 'right rotate by 30'"
# LaTeX sets a text of several lines about its middle, gnuplot from its top.
in_table(s, columns) = format eq 'tex' && lines_in(s) > 1 ? '\begin{tabular}{@{}'.columns.'@{}}'.s.'\end{tabular}' : s
half_below(i) = format eq 'tex' ? .33 * (lines_in(tick_text[i]) - 1) / 2. : 0 # cm
x_tick(i) = format eq 'term' ? sprintf("set xtics add (tick_text[%d] %.9g)", i, tick_at[i]) \
    : sprintf("set xtics add ('' %.9g); set label %d in_table(tick_text[%d], 'c') at first %.9g, screen %.5f %s", \
    tick_at[i], 1300 + i, i, tick_at[i], (bottom - (strlen(tick_how) ? .16 : .3) - half_below(i)) / tall, \
    strlen(tick_how) ? tick_how : 'center')
y_tick(i) = format eq 'term' ? sprintf("set ytics add (tick_text[%d] %.9g)", i, tick_at[i]) \
    : sprintf("set ytics add ('' %.9g); set label %d in_table(tick_text[%d], 'r') \
    at screen %.5f, first %.9g right %s", \
    tick_at[i], 1500 + i, i, (left - .15) / wide, tick_at[i], \
    format eq 'tex' ? '' : sprintf('offset 0, %.2f', .5 * (lines_in(tick_text[i]) - 1)))
x_ticks = "set xtics ('' 0); do for [i_ = 1:tick_count] { eval x_tick(i_) }"
y_ticks = "set ytics ('' 0); do for [i_ = 1:tick_count] { eval y_tick(i_) }"
turn_ticks(count) = crowded(count) ? sprintf('tick_most = %.3f; ', tick_wide(count)).break_ticks : ''
array style_label[7]
read_styles = "stats data.'/'.name.'_styles.csv' using (style_label[int(column('style')) + 1] = strcol('label'), 0) \
    nooutput"
array colour_of[7] = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#56B4E9', '#E69F00', '#000000']
array shade_of[7] = ['#6DAFD6', '#F6CBA8', '#3FA987', '#F9E9F2', '#B4DDF4', '#FFFFFF', '#8C8C8C'] # to fill with
# Intervals are drawn as lines by `with vectors nohead`, from `end_of` of the lower end over `reach`; a row with an
# empty cell, which gnuplot would drop with a warning, has one of no length.
end_of(s, middle) = column(s) == column(s) ? column(s) : column(middle)
reach(from, to, middle) = end_of(to, middle) - end_of(from, middle)
# Ticks of a logarithmic axis that has few powers of ten on it: 2 and 5 as well.
few_ticks(axis) = sprintf("do for [power_ = -12:12] { do for [digit_ in '2 5'] \
    { set %stics add (digit_ * 10.**power_) } }", axis)
log_ticks(axis, from, to) = sprintf("set logscale %s; set format %s '%%g'; ", axis, axis). \
    (to < 50 * from ? few_ticks(axis) : '')

do for [i = 1:note_rows] {
    set label 1000 - i as_small(note_line[i]) at screen left / wide, screen 1 - (.22 + .28 * (i - 1)) / tall \
        left font small textcolor rgb '#555555'
}
if (format ne 'term') set output output

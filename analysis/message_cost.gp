# SPDX-License-Identifier: MIT
# Messages by kind, for each block of the main chain: as they are sent (a broadcast is one), as they arrive at nodes,
# and the bytes of all copies that the network carries.
#   gnuplot -c analysis/message_cost.gp RESULTS OUTPUT [COLUMNS [DATA]]
name = 'message_cost'; tall = 5.2; legend = 1; left = 1.7; right = .45
dir = ARG1; output = ARG2; columns = ARG3; data = ARG4
load ARG0[:strlen(ARG0) - strlen(name) - 3].'style.gp'

stats facts using (kinds = int(column('kinds')), least_messages = column('least_messages'), \
    most_messages = column('most_messages'), least_bytes = column('least_bytes'), most_bytes = column('most_bytes'), \
    0) nooutput
do for [i = 1:kinds] {
    stats table every ::(i - 1)::(i - 1) using (kind = strcol('kind'), 0) nooutput
    if (i == 1) { set ytics (tick(as_text(kind)) 0) } else { set ytics add (tick(as_text(kind)) i - 1) }
}
short(x) = x >= 1e9 ? sprintf('%.3gG', x / 1e9) : x >= 1e6 ? sprintf('%.3gM', x / 1e6) : \
    x >= 1e3 ? sprintf('%.3gk', x / 1e3) : sprintf('%.3g', x)
set yrange [kinds - .4:-.6]
set logscale x
set grid noxtics
eval key_mark(1, 'sent')
eval key_mark(2, 'delivered')
eval key_mark(3, 'all copies')
gap = 1.1 # room for the last label of one axis beside the first of the next
half = (wide - left - right - gap) / 2
set multiplot
do for [panel = 0:1] {
    nothing = (panel ? most_bytes : most_messages) == 0
    least = nothing ? 0 : floor(log10(panel ? least_bytes : least_messages) - .25)
    most = nothing ? 1 : ceil(log10(panel ? most_bytes : most_messages) + .1)
    every_ = ceil((most - least) / 3.)
    unset xtics
    set xtics nomirror out scale .5
    if (format eq 'svg') { set xtics offset 0, .35 }
    set xtics (short(10.**least) 10.**least)
    do for [power = least + every_:most:every_] { set xtics add (short(10.**power) 10.**power) }
    set xrange [10.**(least - .01):10.**(most + .01)] # so that rounding does not cost the first tick
    begin = left + panel * (half + gap)
    set lmargin at screen begin / wide
    set rmargin at screen (begin + half) / wide
    if (panel) {
        unset label
        set ytics ('' 0)
        do for [i = 1:kinds - 1] { set ytics add ('' i) }
    }
    if (nothing) {
        unset xtics
        set label 1 as_small('none: there is one node') at graph .5, graph .5 center font small
    }
    eval title_at(1001, panel ? 'Bytes per block' : 'Messages per block', begin + half / 2, .17, '')
    if (panel) {
        plot table using (column('bytes')):(column('row')) with points linetype 3 pointsize .7 * dot, \
            table using (column('bytes')):(column('row')):(data_small(short(column('bytes')))) with labels \
                offset screen 0, screen .22 / tall font small
    } else {
        plot table using (column('messages')):(column('row')) with points linetype 1 pointsize .7 * dot, \
            table using (column('deliveries')):(column('row')) with points linetype 2 pointsize .8 * dot, \
            table using (column('messages')):(column('row')):(data_small(short(column('messages')))) with labels \
                offset screen 0, screen .22 / tall font small, \
            table using (column('deliveries')):(column('row')):(data_small(short(column('deliveries')))) with labels \
                offset screen 0, screen -.24 / tall font small
    }
}
unset multiplot

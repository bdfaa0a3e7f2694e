# SPDX-License-Identifier: MIT
# The faults of a run, in grey behind the plot; loaded after style.gp by the figures that show a run over time, which
# set `faults` (their number) and per_unit. Of more than four no names are shown, since they would cover each other.
do for [i = 1:(faults < 50 ? faults : 50)] {
    stats data.'/'.name.'_faults.csv' every ::(i - 1)::(i - 1) using (from = column('from_s') / per_unit, \
        to = column('to_s') / per_unit, fault = strcol('name'), 0) nooutput
    if (to > from) {
        set object i rectangle from from, graph 0 to to, graph 1 behind fillcolor rgb '#E4E4E4' \
            fillstyle solid border linecolor rgb '#BBBBBB' linewidth .5
    } else {
        set arrow i from from, graph 0 to from, graph 1 nohead back linecolor rgb grey linewidth 1.2 dashtype (4,3)
    }
    if (faults <= 4) { set label i as_small(fault) \
        at from, graph (i % 2 ? .94 : .82) offset .4, 0 left front font small }
}

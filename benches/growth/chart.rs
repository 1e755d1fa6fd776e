//! A chart of costs that grow, or do not.

use std::path::Path;

use plotters::prelude::*;

/// What something costs at several counts.
pub(crate) struct Series {
    pub(crate) name: &'static str,
    pub(crate) points: Vec<(u64, f64)>,
    pub(crate) unit: &'static str,
}

const COLORS: [RGBColor; 4] =
    [RGBColor(0x1f, 0x77, 0xb4), RGBColor(0xd6, 0x27, 0x28), RGBColor(0x2c, 0xa0, 0x2c), RGBColor(0x94, 0x67, 0xbd)];

/// Draws each series as a multiple of its first point, on logarithmic axes: what does not grow is level.
pub(crate) fn draw(path: &Path, title: &str, series: &[Series]) {
    let multiples = |series: &Series| -> Vec<(f64, f64)> {
        series.points.iter().map(|(count, cost)| (*count as f64, cost / series.points[0].1)).collect()
    };
    let lines: Vec<_> = series.iter().map(multiples).collect();
    let all = || lines.iter().flatten();
    let (first, last) =
        all().fold((f64::MAX, 0.0_f64), |(first, last), (count, _)| (first.min(*count), last.max(*count)));
    let (least, most) = all().fold((0.5_f64, 10.0_f64), |(least, most), (_, cost)| (least.min(*cost), most.max(*cost)));
    let root = SVGBackend::new(path, (760, 420)).into_drawing_area();
    root.fill(&WHITE).unwrap();
    let mut chart = ChartBuilder::on(&root)
        .margin(16)
        .margin_right(32)
        .x_label_area_size(42)
        .y_label_area_size(64)
        .build_cartesian_2d((first..last).log_scale(), (least * 0.9..most * 1.2).log_scale())
        .unwrap();
    chart
        .configure_mesh()
        .x_desc(title)
        .y_desc("times the cost at the left")
        .x_label_formatter(&|count| short(*count))
        .max_light_lines(2)
        .y_label_formatter(&|times| if *times < 1.0 { format!("{times:.1}") } else { format!("{times:.0}") })
        .light_line_style(RGBColor(0xee, 0xee, 0xee))
        .draw()
        .unwrap();
    for ((series, line), color) in series.iter().zip(lines).zip(COLORS) {
        let style = color.stroke_width(2);
        chart
            .draw_series(LineSeries::new(line, style).point_size(3))
            .unwrap()
            .label(series.name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], style));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.85))
        .border_style(RGBColor(0xcc, 0xcc, 0xcc))
        .draw()
        .unwrap();
    root.present().unwrap();
}

fn short(count: f64) -> String {
    match count {
        1e6.. => format!("{:.0} M", count / 1e6),
        1e4.. => format!("{:.0} k", count / 1e3),
        _ => format!("{count:.0}"),
    }
}

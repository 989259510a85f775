/** All style sheets of the panel and of sessions, in the order in which they build on each other. */
import "./parts/base.css";
import "./panel/panel.css";
import "./parts/widgets.css";
import "./panel/condition.css";
import "./panel/notices.css";
import "./panel/many.css";
import "./panel/prompts.css";
import "./panel/layer-range.css";
import "./figures/plots.css";
import "./figures/strip.css";
import "./panel/runs.css";
import "./panel/answers.css";
import "./figures/heatmap.css";
import "./session/session.css";

package dev.panoptes.integrity.report;

import dev.panoptes.integrity.plan.FixPlan;
import dev.panoptes.integrity.plan.FixStep;
import java.util.List;

/** A fix plan for people: numbered, each step with what to look at first, what to run and how to take it back. */
public final class PlanText {
    private final TextPaint paint;

    public PlanText(TextStyle style) {
        paint = new TextPaint(style);
    }

    public String write(List<FixPlan> plans) {
        return write(plans, "panoptes plan --patch | git apply");
    }

    /** @param applied the command that does what can be done by a patch, as it is to be run where this was */
    public String write(List<FixPlan> plans, String applied) {
        if (plans.isEmpty()) {
            return "Nothing to plan: the scan found no issue.\n";
        }
        long patched = plans.stream().filter(FixPlan::patched).count();
        StringBuilder text = new StringBuilder();
        text.append(paint.bold("Plan for " + plans.size() + (plans.size() == 1 ? " issue" : " issues, in this order")))
                .append(". Nothing has been changed.\n");
        int number = 1;
        for (FixPlan plan : plans) {
            text.append('\n').append(paint.bold(number++ + ". " + TextPaint.clean(plan.issue())));
            text.append("  ")
                    .append(TextPaint.clean(plan.title()))
                    .append(plan.patched() ? paint.dim("  [in the patch]") : "");
            text.append('\n');
            for (FixStep step : plan.steps()) {
                line(text, "do", step.what() + " (risk: " + step.risk().id() + ")");
                line(text, "first", step.check());
                line(text, "run", step.command());
                line(text, "undo", step.undo());
            }
        }
        text.append('\n')
                .append(patched)
                .append(" of ")
                .append(plans.size())
                .append(" can be done by a patch: ")
                .append(TextPaint.clean(applied))
                .append('\n');
        return text.toString();
    }

    private void line(StringBuilder text, String label, String value) {
        if (!value.isEmpty()) {
            text.append("   ").append(paint.dim(String.format(java.util.Locale.ROOT, "%-6s", label)));
            text.append(TextPaint.clean(value)).append('\n');
        }
    }
}

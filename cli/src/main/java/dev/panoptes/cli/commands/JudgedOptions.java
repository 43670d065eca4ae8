package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.Similar;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.checks.Checks;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.Selection;
import dev.panoptes.integrity.verdict.Policy;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.OptionSpec;

/** The options that say what is judged and how strictly. */
final class JudgedOptions {
    private static final String EVERY_GROUP = "all";

    private final OptionSpec only;
    private final OptionSpec skip;
    private final OptionSpec failOn;
    private final OptionSpec allowUnknown;

    JudgedOptions(Options options) {
        options.heading("What is judged");
        only = options.words("--only", "NAMES", names(), "Run only these groups or checks, separated by commas.");
        skip = options.words("--skip", "NAMES", names(), "Do not run these groups or checks.");
        failOn = options.word("--fail-on", "SEVERITY", severities(), "Exit 1 from this severity on; high.");
        allowUnknown = options.add(OptionSpec.builder("--allow-unknown")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("0..1")
                .fallbackValue(EVERY_GROUP)
                .splitRegex(",")
                .paramLabel("GROUPS")
                .completionCandidates(groups())
                .description("Exit 0 though not everything could be judged: in all groups, or in these ("
                        + String.join(", ", groups()) + ")."));
    }

    Policy policy() throws UsageException {
        Severity limit = Severity.of(Options.text(failOn, "")).orElse(Policy.STRICT.failOn());
        EnumSet<CheckGroup> allowed = EnumSet.noneOf(CheckGroup.class);
        for (String name : Options.words(allowUnknown)) {
            if (name.equals(EVERY_GROUP)) {
                allowed = EnumSet.allOf(CheckGroup.class);
            } else {
                allowed.add(CheckGroup.of(name).orElseThrow(() -> unknownName("--allow-unknown", name, groups())));
            }
        }
        return new Policy(limit, allowed);
    }

    Selection selection() throws UsageException {
        return new Selection(named("--only", only), named("--skip", skip));
    }

    private static Set<String> named(String option, OptionSpec spec) throws UsageException {
        List<String> given = Options.words(spec);
        List<String> known = given.isEmpty() ? List.of() : names();
        for (String name : given) {
            if (!known.contains(name)) {
                throw unknownName(option, name, known);
            }
        }
        return Set.copyOf(given);
    }

    private static UsageException unknownName(String option, String name, List<String> known) {
        String near = Similar.to(name, known);
        return new UsageException(
                option + ": there is no group or check " + name,
                near == null ? "Groups: " + String.join(", ", groups()) : "Did you mean " + near + "?");
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>(groups());
        for (Check check : Checks.all()) {
            names.add(check.info().id());
        }
        return names;
    }

    private static List<String> groups() {
        List<String> groups = new ArrayList<>();
        for (CheckGroup group : CheckGroup.values()) {
            groups.add(group.id());
        }
        return groups;
    }

    static List<String> severities() {
        List<String> severities = new ArrayList<>();
        for (Severity severity : Severity.values()) {
            severities.add(severity.id());
        }
        return severities;
    }
}

package dev.panoptes.integrity.verdict;

import dev.panoptes.core.issue.Waiver;
import dev.panoptes.core.registry.KeySpelling;
import dev.panoptes.core.yaml.Located;
import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.core.yaml.Problems;
import dev.panoptes.core.yaml.YamlFields;
import dev.panoptes.core.yaml.YamlNode;
import dev.panoptes.core.yaml.YamlReader;
import dev.panoptes.core.yaml.YamlResult;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file of waivers: a YAML list of maps with {@code issue} (or {@code check}, and {@code agent} with it), {@code owner},
 * {@code reason} and {@code expires}. Each needs all four, so that nothing is accepted by nobody, for no reason, or for ever. One faulty waiver refuses the file.
 */
public final class WaiverLoader {
    private static final KeySpelling SPELLING = KeySpelling.of("issue", "check", "agent", "owner", "reason", "expires")
            .meaning("expiry", "expires")
            .meaning("until", "expires")
            .meaning("by", "owner");

    private final YamlReader yaml = new YamlReader();

    /** What reading the file gave. */
    public sealed interface Result {
        /** @param waivers in file order, the expired ones too */
        record Loaded(List<Waiver> waivers) implements Result {
            public Loaded {
                waivers = List.copyOf(waivers);
            }
        }

        /** @param problems at least one */
        record Refused(List<Problem> problems) implements Result {
            public Refused {
                problems = List.copyOf(problems);
            }
        }
    }

    public Result load(Path file) {
        String name = file.toString();
        return switch (yaml.read(file, name)) {
            case YamlResult.Absent() ->
                new Result.Refused(List.of(new Problem("absent", name, Location.WHOLE_FILE, "there is no such file")));
            case YamlResult.Broken(List<Problem> problems) -> new Result.Refused(problems);
            case YamlResult.Parsed parsed -> waivers(parsed, name);
        };
    }

    private static Result waivers(YamlResult.Parsed parsed, String name) {
        Problems problems = new Problems(name);
        problems.addAll(parsed.problems());
        List<Waiver> waivers = new ArrayList<>();
        YamlNode root = parsed.root();
        if (root instanceof YamlNode.Sequence list) {
            for (YamlNode item : list.items()) {
                Waiver waiver = waiver(item, problems);
                if (waiver != null) {
                    waivers.add(waiver);
                }
            }
        } else if (root != null) {
            problems.add(
                    "wrong-type",
                    root.location(),
                    "the file is " + root.kind()
                            + ", not a list of waivers; begin each with a dash in the first column");
        }
        return problems.isEmpty() ? new Result.Loaded(waivers) : new Result.Refused(problems.all());
    }

    /** Null where it is not whole, which then is a problem. */
    private static @Nullable Waiver waiver(YamlNode item, Problems problems) {
        if (!(item instanceof YamlNode.Mapping map)) {
            problems.add("wrong-type", item.location(), "a waiver is " + item.kind() + ", not a map");
            return null;
        }
        YamlFields fields = new YamlFields(map, "a waiver", problems);
        Located<String> check = fields.text("check");
        Located<String> agent = fields.text("agent");
        boolean byCheck = check != null || agent != null;
        Located<String> issue = byCheck ? fields.text("issue") : required("issue", fields, map, problems);
        if (agent != null && check == null) {
            problems.add("missing", agent.location(), "a waiver names an agent, but no check");
        }
        if (byCheck && issue != null) {
            problems.add(
                    "wrong-value", issue.location(), "a waiver names an issue, or a check and an agent, but not both");
        }
        SPELLING.judge(map, "a waiver", problems);
        Located<String> owner = required("owner", fields, map, problems);
        Located<String> reason = required("reason", fields, map, problems);
        Located<String> expires = required("expires", fields, map, problems);
        LocalDate date = expires == null ? null : date(expires, problems);
        if (byCheck) {
            return owner == null || reason == null || date == null
                    ? null
                    : Waiver.of(
                            check == null ? null : check.value(),
                            agent == null ? null : agent.value(),
                            owner.value(),
                            reason.value(),
                            date);
        }
        return issue == null || owner == null || reason == null || date == null
                ? null
                : new Waiver(issue.value(), owner.value(), reason.value(), date);
    }

    private static @Nullable Located<String> required(
            String key, YamlFields fields, YamlNode.Mapping map, Problems problems) {
        Located<String> value = fields.text(key);
        // A list or map under the key has been told as a problem already.
        if (value == null
                && fields.present(key)
                        .filter(other -> !(other instanceof YamlNode.Scalar))
                        .isEmpty()) {
            problems.add("missing", map.location(), "a waiver has no " + key);
        }
        return value;
    }

    private static @Nullable LocalDate date(Located<String> text, Problems problems) {
        try {
            return LocalDate.parse(text.value());
        } catch (DateTimeParseException e) {
            problems.add("wrong-value", text.location(), "expires of a waiver is no date such as 2026-12-31");
            return null;
        }
    }
}

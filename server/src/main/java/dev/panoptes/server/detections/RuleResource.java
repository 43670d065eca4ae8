package dev.panoptes.server.detections;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.panoptes.detection.sigma.Problem;
import dev.panoptes.detection.sigma.RuleCases;
import dev.panoptes.detection.sigma.RuleInfo;
import dev.panoptes.detection.sigma.RuleSet;
import dev.panoptes.detection.sigma.RuleText;
import dev.panoptes.detection.sigma.Techniques;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rules: which run, what they matched, and how they do on their cases. */
final class RuleResource implements Resource {
    private static final int MOST_HOSTS = 50;
    private static final int MOST_CASES = 500;

    private final Detections detections;

    RuleResource(Detections detections) {
        this.detections = detections;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/api/v1/rules", Access.VIEWER, this::rules),
                Route.get("/api/v1/rules/{rule_id}", Access.VIEWER, this::rule));
    }

    /** @param level null where the rule states none @param source empty for a correlation */
    record RuleView(
            String id,
            String name,
            String title,
            String description,
            @Nullable String level,
            List<String> techniques,
            String source,
            boolean correlation,
            boolean silent,
            String file,
            String state,
            long hits) {
        static RuleView of(RuleInfo rule, long hits) {
            return new RuleView(
                    rule.key(),
                    rule.name(),
                    rule.title(),
                    rule.description(),
                    rule.level() == null ? null : rule.level().word(),
                    Techniques.current(rule.techniques()),
                    rule.source() == null ? "" : rule.source().text(),
                    rule.correlation(),
                    rule.silent(),
                    rule.file(),
                    "running",
                    hits);
        }

        static RuleView broken(String name, String file) {
            return new RuleView(name, name, name, "", null, List.of(), "", false, false, file, "broken", 0);
        }
    }

    /** Why a rule does not run. */
    record BrokenView(String file, int line, String reason) {
        static BrokenView of(Problem problem) {
            return new BrokenView(problem.file(), problem.line(), problem.reason());
        }
    }

    record RulesView(List<RuleView> items, List<BrokenView> broken) {}

    private Response rules(Request request) {
        Map<String, HitStore.Counted> counts = detections.counts();
        RuleSet now = detections.rules();
        return Response.json(new RulesView(
                now.rules().stream()
                        .map(rule -> RuleView.of(
                                rule,
                                counts.containsKey(rule.key())
                                        ? counts.get(rule.key()).hits()
                                        : 0))
                        .toList(),
                now.problems().stream().map(BrokenView::of).toList()));
    }

    /** Where it matched. @param host empty where none is named */
    record HostView(String host, long hits, Instant last) {}

    /**
     * A case of the rule.
     *
     * @param kind match, near or ordinary
     * @param name what it is, in one line
     * @param matches true where the rule must match it
     * @param holds true where the rule does what it must
     * @param event what stands for it: an object, or an array for a correlation
     */
    record CaseView(
            String kind,
            String name,
            boolean matches,
            boolean holds,
            @JsonRawValue String event) {
        static CaseView of(RuleCases.Case tried) {
            return new CaseView(tried.kind(), tried.text(), tried.matches(), tried.holds(), tried.events());
        }
    }

    /**
     * All of a rule.
     *
     * @param line where it stands in its file, from 1
     * @param reasons why it does not run; empty where it runs
     * @param sensors whose events it looks at; empty where it takes what no other log source claims
     * @param firstHit null where it matched nothing
     * @param text as it was written
     */
    record WholeRuleView(
            @JsonUnwrapped RuleView rule,
            int line,
            List<BrokenView> reasons,
            List<String> sensors,
            @Nullable Instant firstHit,
            @Nullable Instant lastHit,
            List<HostView> hosts,
            List<CaseView> cases,
            String text) {}

    private Response rule(Request request) {
        String id = request.pathParameter("rule_id");
        LoadedRules.Loaded loaded = detections.loaded().all();
        List<RuleInfo> all = loaded.rules().rules();
        for (int number = 0; number < all.size(); number++) {
            RuleInfo rule = all.get(number);
            if (rule.key().equals(id) || rule.name().equals(id)) {
                return Response.json(whole(loaded, number, rule));
            }
        }
        return loaded.rules().problems().stream()
                .filter(problem -> stem(problem.file()).equals(id))
                .findFirst()
                .map(problem -> Response.json(broken(loaded, problem.file())))
                .orElseThrow(() -> dev.panoptes.server.http.Problem.of(ErrorCode.NOT_FOUND, "there is no such rule")
                        .exception());
    }

    private WholeRuleView whole(LoadedRules.Loaded loaded, int number, RuleInfo rule) {
        List<HitStore.Where> where = detections.where(rule.key());
        RuleCases cases = new RuleCases(loaded.rules());
        RuleText beside = detections.loaded().cases(rule.file());
        if (beside != null) {
            cases.run(rule.file(), beside);
        }
        return new WholeRuleView(
                RuleView.of(rule, where.stream().mapToLong(HitStore.Where::hits).sum()),
                rule.line(),
                List.of(),
                loaded.rules().datasets(number).stream()
                        .map(AttackResource::sensor)
                        .toList(),
                where.stream()
                        .map(HitStore.Where::first)
                        .min(Comparator.naturalOrder())
                        .orElse(null),
                where.stream()
                        .map(HitStore.Where::last)
                        .max(Comparator.naturalOrder())
                        .orElse(null),
                where.stream()
                        .limit(MOST_HOSTS)
                        .map(one -> new HostView(one.host(), one.hits(), one.last()))
                        .toList(),
                cases.cases().stream().limit(MOST_CASES).map(CaseView::of).toList(),
                loaded.texts().getOrDefault(rule.file(), ""));
    }

    private static WholeRuleView broken(LoadedRules.Loaded loaded, String file) {
        List<BrokenView> reasons = loaded.rules().problems().stream()
                .filter(problem -> problem.file().equals(file))
                .map(BrokenView::of)
                .toList();
        return new WholeRuleView(
                RuleView.broken(stem(file), file),
                reasons.getFirst().line(),
                reasons,
                List.of(),
                null,
                null,
                List.of(),
                List.of(),
                loaded.texts().getOrDefault(file, ""));
    }

    /** The name of a rule's file without its suffix, as rules without a name are called. */
    private static String stem(String file) {
        return file.substring(file.lastIndexOf('/') + 1).replaceFirst("\\.ya?ml$", "");
    }
}

package dev.panoptes.code.run;

import dev.panoptes.code.ReportedName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The names that the handlers of the health endpoints answer with. */
final class Health {
    private static final List<String> FIELDS = List.of("agent", "service", "name");
    /** Calls that make a response or its text of what they are given. */
    private static final Pattern WRAPS =
            Pattern.compile(".*(json|response|dumps|stringify|encode|serialize|marshal).*|(buffer|bytes)\\(\\)");

    private static final int DEEPEST = 12;

    private final Interpreter run;
    private final Set<String> endpoints;
    private @Nullable String unknown;

    /** @param endpoints paths, each with a leading slash */
    Health(Interpreter run, Set<String> endpoints) {
        this.run = run;
        this.endpoints = endpoints;
    }

    /** @param unknown why a name could not be told, one sentence; null where all could */
    record Names(List<ReportedName> names, @Nullable String unknown) {}

    private record Candidate(int rank, String path, Recorder.Route route) {}

    /** Names of routes that are exactly a health endpoint come before those below {@code /api} or {@code /v1}. */
    Names names() {
        List<Candidate> candidates = new ArrayList<>();
        for (Recorder.Route route : List.copyOf(run.recorder.routes())) {
            if (route.path().equals(PythonRoutes.ANY)) {
                endpoints.stream().sorted().forEach(endpoint -> candidates.add(new Candidate(0, endpoint, route)));
                continue;
            }
            for (Placed placed : paths(route)) {
                int rank = rank(placed.path());
                if (rank >= 0) {
                    candidates.add(new Candidate(rank + (placed.mounted() ? 0 : 2), placed.path(), route));
                }
            }
        }
        candidates.sort(Comparator.comparingInt(Candidate::rank).thenComparing(Candidate::path));
        int best = candidates.isEmpty() ? 0 : candidates.getFirst().rank();
        List<ReportedName> names = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Set<Value> followed = new HashSet<>();
        for (Candidate candidate : candidates) {
            // A handler of every path may answer the others with something general: its first answer counts.
            if (candidate.rank() > best || followed.contains(candidate.route().handler())) {
                continue;
            }
            boolean any = candidate.route().path().equals(PythonRoutes.ANY);
            int before = names.size();
            for (Value answer : answers(candidate)) {
                for (ReportedName name : name(answer, candidate.route().site(), 0)) {
                    if (seen.add(name.value() + '\n' + name.field() + '\n' + name.file() + '\n' + name.line())) {
                        names.add(name);
                    }
                }
            }
            if (!any || names.size() > before) {
                followed.add(candidate.route().handler());
            }
        }
        return new Names(names, unknown);
    }

    private record Placed(String path, boolean mounted) {}

    /** Where a route is reached: its own path below the prefixes of what its router is mounted in. */
    private List<Placed> paths(Recorder.Route route) {
        Value owner = route.owner() == null ? null : run.members.force(route.owner());
        if (owner == null) {
            return List.of(new Placed(route.path(), true));
        }
        List<Placed> placed = new ArrayList<>();
        Set<String> found = new LinkedHashSet<>();
        boolean mounted = climb(owner, ownPrefix(owner) + route.path(), found, 0);
        found.forEach(path -> placed.add(new Placed(path, mounted)));
        return placed;
    }

    /** Returns true where the owner is an application, or is mounted in one. */
    private boolean climb(Value owner, String path, Set<String> found, int depth) {
        boolean mounted = false;
        for (Recorder.Mount mount : run.recorder.mounts()) {
            if (mount.inner().equals(owner) && depth < DEEPEST) {
                mounted = true;
                Value outer = run.members.force(mount.outer());
                climb(outer, ownPrefix(outer) + mount.prefix() + path, found, depth + 1);
            }
        }
        if (!mounted) {
            found.add(path);
        }
        return mounted || !router(owner);
    }

    private static boolean router(Value owner) {
        String path = owner instanceof Value.Made made ? made.path() : "";
        return path.endsWith("Router()") || path.endsWith("Blueprint()") || path.endsWith("RouteTableDef()");
    }

    private static String ownPrefix(Value owner) {
        if (!(owner instanceof Value.Made made) || !router(owner)) {
            return "";
        }
        Value prefix = made.arguments().named().get("prefix");
        prefix = prefix == null ? made.arguments().named().get("url_prefix") : prefix;
        String text = Values.text(prefix);
        return text == null ? "" : text;
    }

    private int rank(String path) {
        String plain = path.replaceFirst("^\\^", "").replaceFirst("\\$$", "");
        plain = plain.replaceAll("/{2,}", "/").replaceFirst("/\\??$", "");
        plain = plain.startsWith("/") ? plain : "/" + plain;
        if (endpoints.contains(plain)) {
            return 0;
        }
        String below = plain.replaceFirst("^(/api)?(/v\\d+)?", "");
        return !below.equals(plain) && endpoints.contains(below) ? 1 : -1;
    }

    private Arguments arguments(Candidate candidate) {
        return run.library.handlerArguments(candidate.path(), candidate.route().site());
    }

    /** What a handler returns, and what it sets as the body of its context (Koa). */
    private List<Value> results(Value.Routine routine, Candidate candidate) {
        Arguments given = arguments(candidate);
        List<Value> results = new ArrayList<>(run.calls.results(routine, given));
        for (Value argument : given.positional()) {
            Value body = argument instanceof Value.Made made ? made.fields().get("body") : null;
            if (body != null) {
                results.add(body);
            }
        }
        return results;
    }

    private List<Value> answers(Candidate candidate) {
        run.answered.clear();
        Value handler = run.members.force(candidate.route().handler());
        List<Value> answers = new ArrayList<>(followed(handler, candidate, 0));
        answers.addAll(run.answered);
        run.answered.clear();
        return answers;
    }

    private List<Value> followed(Value handler, Candidate candidate, int depth) {
        return switch (handler) {
            case Value.Routine routine -> results(routine, candidate);
            case Value.Type type -> {
                Value.Instance instance = run.instance(type, candidate.route().site());
                instance.fields().put("path", Values.constant(candidate.path()));
                instance.fields().put("command", Values.constant("GET"));
                yield method(instance, candidate);
            }
            case Value.Instance instance -> method(instance, candidate);
            case Value.Partial partial
            when depth < DEEPEST -> followed(run.members.force(partial.function()), candidate, depth + 1);
            case Value.Made made
            when made.receiver() != null && depth < DEEPEST ->
                followed(run.members.force(made.receiver()), candidate, depth + 1);
            case Value.Several several
            when depth < DEEPEST -> {
                List<Value> all = new ArrayList<>();
                several.values().forEach(each -> all.addAll(followed(each, candidate, depth + 1)));
                yield all;
            }
            case Value.Later _ -> List.of();
            default -> List.of();
        };
    }

    private List<Value> method(Value.Instance instance, Candidate candidate) {
        for (String name : List.of("do_GET", "get", "on_get", "GET", "__call__", "ServeHTTP", "doGet", "handle")) {
            if (run.members.memberOrNull(instance, name) instanceof Value.Routine routine) {
                if (!name.equals("on_get")) {
                    return results(routine, candidate);
                }
                Value request = Values.unknown("the request decides");
                Value.Made response = run.made(
                        "response()", null, Arguments.NONE, candidate.route().site());
                run.calls.results(routine, Arguments.of(request, response));
                return new ArrayList<>(response.fields().values());
            }
        }
        return List.of();
    }

    /** The name in an answer; none where it names none or its name is not known. */
    private List<ReportedName> name(Value answer, Site site, int depth) {
        if (depth > DEEPEST) {
            return List.of();
        }
        return switch (answer) {
            case Value.Entries entries ->
                name(entries.cells(), entries.places(), entries.site() == null ? site : entries.site());
            case Value.Instance instance -> name(instance.fields(), Map.of(), instance.site());
            case Value.Items items
            when items.size() > 0 -> {
                Value first = items.at(0);
                yield first == null ? List.of() : name(first, site, depth + 1);
            }
            case Value.Several several -> {
                List<ReportedName> all = new ArrayList<>();
                several.values().forEach(each -> all.addAll(name(each, site, depth + 1)));
                yield all;
            }
            case Value.Made made -> inResponse(made, site, depth);
            case Value.Scalar scalar
            when scalar.text() != null && scalar.text().strip().startsWith("{") -> {
                Value parsed = Json.read(scalar.text(), run);
                yield parsed == null ? List.of() : name(parsed, site, depth + 1);
            }
            case Value.Later _ -> name(run.members.force(answer), site, depth + 1);
            default -> List.of();
        };
    }

    /** The content of a response object or of a text made of it. */
    private List<ReportedName> inResponse(Value.Made made, Site site, int depth) {
        String path = made.path();
        String called = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        boolean wraps = WRAPS.matcher(called).matches();
        if (!wraps) {
            return List.of();
        }
        if (called.equals("jsonify()") && !made.arguments().named().isEmpty()) {
            return name(run.entries(made.arguments().named()), made.site(), depth + 1);
        }
        List<Value> inner = new ArrayList<>(made.arguments().positional());
        for (String name : List.of("content", "data", "text", "body", "media")) {
            Value value = made.arguments().named().get(name);
            if (value != null) {
                inner.add(value);
            }
        }
        if (inner.stream().allMatch(Value.Scalar.class::isInstance) && made.receiver() != null) {
            inner.add(made.receiver());
        }
        for (Value value : inner) {
            List<ReportedName> names = name(value, site, depth + 1);
            if (!names.isEmpty()) {
                return names;
            }
        }
        return List.of();
    }

    private List<ReportedName> name(Store cells, Map<Object, Site> places, Site site) {
        for (String field : FIELDS) {
            Value value = cells.get(field);
            if (value == null) {
                continue;
            }
            Value known = run.members.force(value);
            String text = Values.text(known);
            if (text != null && TextParts.whole(text)) {
                String cut = text.contains(" - ") ? text.substring(0, text.indexOf(" - ")) : text;
                Site place = places.getOrDefault(field, site);
                return cut.isBlank() ? List.of() : List.of(reported(cut.strip(), field, place));
            }
            boolean other = text == null
                    && (known instanceof Value.Entries
                            || known instanceof Value.Items
                            || known instanceof Value.Scalar);
            if (!other) {
                Site place = places.getOrDefault(field, site);
                unknown = place.module().rootPath() + ":" + place.line() + " returns " + place.text() + ", and "
                        + why(known);
                return List.of();
            }
        }
        return List.of();
    }

    private static String why(Value value) {
        return switch (value) {
            case Value.Unknown unknown -> unknown.reason();
            case Value.Several _ -> "that takes several values";
            default -> "that is not known from the code";
        };
    }

    private static ReportedName reported(String value, String field, Site place) {
        return new ReportedName(value, field, place.module().rootPath(), place.line(), place.text());
    }
}

package dev.panoptes.server.web;

import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.web.view.Chart;
import dev.panoptes.server.web.view.HostView;
import dev.panoptes.server.web.view.Show;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Processes of a host as a tree or a list, and what the host uses: as its proc sensor told, else as a snapshot saw. */
final class HostProcesses {
    private static final int ROWS = 60;
    private static final int DEEPEST = 12;
    private static final Duration DAY = Duration.ofDays(1);
    /** Two readings that are further apart have nothing between them; sensors look every half minute. */
    private static final Duration GAP = Duration.ofMinutes(5);
    /** What ended within it stands in the tree where it ran. */
    private static final Duration RECENT = Duration.ofMinutes(15);

    private static final int MOST_RECENT = 40;

    private static final List<String> SORTS = List.of("tree", "cpu", "memory", "ended");

    private final InternalCalls inside;
    private final InstantSource clock;

    HostProcesses(InternalCalls inside, InstantSource clock) {
        this.inside = inside;
        this.clock = clock;
    }

    private record One(String key, @Nullable String parent, HostView.Process shown, double cpu, double memory) {}

    HostView.Processes of(Request request, String host, String watched, @Nullable Snapshot snapshot)
            throws InterruptedException {
        String sort = request.query("sort").filter(SORTS::contains).orElse("tree");
        String text = request.query("text").orElse("").strip();
        JsonNode running = call(request, watched, "running", text);
        Instant looked = Lines.instantOrNull(running, "looked_at");
        boolean sensor = running.path("running").asLong(0) > 0;
        List<One> all = sensor
                ? new ArrayList<>(Lines.each(running.path("items"), this::one))
                : snapshot == null ? new ArrayList<>() : owners(snapshot, text);
        if (sort.equals("ended") || (sort.equals("tree") && sensor)) {
            Instant recent = clock.instant().minus(RECENT);
            List<One> ended = Lines.each(call(request, watched, "ended", text).path("items"), this::one);
            if (sort.equals("ended")) {
                all = ended;
            } else {
                ended.stream()
                        .filter(one -> one.shown().ended() != null
                                && one.shown().ended().isAfter(recent))
                        .limit(MOST_RECENT)
                        .forEach(all::add);
            }
        }
        List<HostView.Process> rows = switch (sort) {
            case "cpu" -> sorted(all, Comparator.comparingDouble(one -> -one.cpu()));
            case "memory" -> sorted(all, Comparator.comparingDouble(one -> -one.memory()));
            case "ended" -> all.stream().map(One::shown).toList();
            default -> tree(all);
        };
        int skip = Math.min(request.query("skip", 0, 1_000_000, 0), Math.max(0, rows.size() - 1) / ROWS * ROWS);
        Map<String, String> sorts = new LinkedHashMap<>();
        SORTS.forEach(each -> sorts.put(each, address(host, each, text, 0)));
        return new HostView.Processes(
                sensor ? looked : null,
                running.path("running").asLong(0),
                running.path("ended").asLong(0),
                sort,
                text,
                rows.stream().skip(skip).limit(ROWS).toList(),
                rows.size(),
                skip,
                sorts,
                skip == 0 ? null : address(host, sort, text, skip - ROWS),
                skip + ROWS >= rows.size() ? null : address(host, sort, text, skip + ROWS));
    }

    private static String address(String host, String sort, String text, int skip) {
        return "/fleet/host?name=" + Show.path(host) + "&tab=processes"
                + (sort.equals("tree") ? "" : "&sort=" + sort)
                + (text.isEmpty() ? "" : "&text=" + Show.path(text))
                + (skip == 0 ? "" : "&skip=" + skip);
    }

    private JsonNode call(Request request, String host, String state, String text) throws InterruptedException {
        return inside.get(
                        request,
                        "/api/v1/hosts/{host}/processes",
                        Map.of("host", host),
                        Map.of("state", state, "text", text, "limit", state.equals("running") ? "5000" : "600"))
                .orElseGet(JsonNodeFactory.instance::objectNode);
    }

    private One one(JsonNode node) {
        Instant ended = Lines.instantOrNull(node, "ended_at");
        JsonNode exit = node.path("exit_code");
        String end = ended == null
                ? ""
                : exit.isNumber()
                        ? end(exit.asInt(0))
                        : node.path("end_told").asBoolean(false) ? "ended" : "no longer found";
        String name = Lines.text(node, "name");
        String command = Lines.text(node, "command_line");
        JsonNode cpu = node.path("cpu_percent");
        JsonNode memory = node.path("memory_bytes");
        // What was measured long ago says nothing about now.
        Instant used = Lines.instantOrNull(node, "used_at");
        boolean fresh = used != null && used.isAfter(clock.instant().minus(GAP));
        return new One(
                Lines.text(node, "entity_id"),
                Lines.textOrNull(node, "parent_entity_id"),
                new HostView.Process(
                        0,
                        node.path("pid").asInt(0),
                        name.isEmpty() ? "a process" : name,
                        Show.brief(command.isEmpty() ? Lines.text(node, "executable") : command, 200),
                        Lines.text(node, "user"),
                        Lines.text(node, "service"),
                        fresh && cpu.isNumber() ? Show.decimal(cpu.asDouble(0)) + " %" : "",
                        fresh && memory.isNumber() ? Show.bytes(memory.asDouble(0)) : "",
                        Lines.instantOrNull(node, "started_at"),
                        ended,
                        end),
                fresh ? cpu.asDouble(0) : 0,
                fresh ? memory.asDouble(0) : 0);
    }

    /** The sensor adds 128 to the signal that ended a process, as shells do. */
    private static String end(int exit) {
        return exit > 128 && exit < 193 ? "ended by signal " + (exit - 128) : "exit code " + exit;
    }

    private static List<One> owners(Snapshot snapshot, String text) {
        Map<Integer, Snapshot.Owner> byPid = new TreeMap<>();
        snapshot.listeners().forEach(each -> each.owners().forEach(owner -> byPid.putIfAbsent(owner.pid(), owner)));
        List<One> all = new ArrayList<>();
        byPid.values().forEach(owner -> {
            String command = String.join(" ", owner.command());
            String exe = Objects.requireNonNullElse(owner.exe(), "");
            String unit = Objects.requireNonNullElse(owner.unit(), "");
            if (text.isEmpty() || (owner.pid() + " " + exe + " " + command + " " + unit).contains(text)) {
                all.add(new One(
                        Integer.toString(owner.pid()),
                        Integer.toString(owner.parentPid()),
                        new HostView.Process(
                                0,
                                owner.pid(),
                                exe.isEmpty() ? "a process" : exe.substring(exe.lastIndexOf('/') + 1),
                                Show.brief(command.isEmpty() ? exe : command, 200),
                                "uid " + owner.uid(),
                                unit,
                                "",
                                "",
                                null,
                                null,
                                ""),
                        0,
                        0));
            }
        });
        return all;
    }

    private static List<HostView.Process> sorted(List<One> all, Comparator<One> order) {
        return all.stream().sorted(order).map(One::shown).toList();
    }

    /** Children below their parents; those whose parent is not among them, and rings, which nothing but a lie makes, begin it. */
    private static List<HostView.Process> tree(List<One> all) {
        Set<String> keys = new HashSet<>();
        all.forEach(one -> keys.add(one.key()));
        Map<String, List<One>> children = new HashMap<>();
        List<One> first = new ArrayList<>();
        for (One one : all) {
            if (one.parent() == null
                    || !keys.contains(one.parent())
                    || one.parent().equals(one.key())) {
                first.add(one);
            } else {
                children.computeIfAbsent(one.parent(), _ -> new ArrayList<>()).add(one);
            }
        }
        List<HostView.Process> rows = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        add(rows, first, children, 0, seen);
        add(rows, all, children, 0, seen);
        return rows;
    }

    private static void add(
            List<HostView.Process> rows, List<One> some, Map<String, List<One>> children, int depth, Set<String> seen) {
        for (One one : some) {
            if (seen.add(one.key())) {
                HostView.Process it = one.shown();
                rows.add(new HostView.Process(
                        Math.min(depth, DEEPEST),
                        it.pid(),
                        it.name(),
                        it.command(),
                        it.user(),
                        it.unit(),
                        it.cpu(),
                        it.memory(),
                        it.started(),
                        it.ended(),
                        it.end()));
                // Deeper than any real tree; what is below stands at the end.
                if (depth < 200) {
                    add(rows, children.getOrDefault(one.key(), List.of()), children, depth + 1, seen);
                }
            }
        }
    }

    /** CPU, memory and load of the last day; empty where nothing measures. */
    List<Chart> usage(Request request, String watched) throws InterruptedException {
        JsonNode items = inside.get(request, "/api/v1/hosts/{host}/usage", Map.of("host", watched), Map.of())
                .map(answer -> answer.path("items"))
                .orElse(JsonNodeFactory.instance.arrayNode());
        Instant now = clock.instant();
        Instant from =
                now.minus(items.isEmpty() ? DAY : span(Duration.between(IssueLines.instant(items.get(0), "at"), now)));
        List<Chart> charts = new ArrayList<>();
        List<Chart.Point> cpu = points(items, node -> number(node, "cpu_percent"));
        if (!cpu.isEmpty()) {
            charts.add(Chart.of("CPU", cpu, from, now, GAP, 100, value -> Show.decimal(value) + " %"));
        }
        List<Chart.Point> memory = points(items, node -> {
            Double all = number(node, "memory_bytes");
            Double free = number(node, "memory_available_bytes");
            return all == null || free == null ? null : all - free;
        });
        if (!memory.isEmpty()) {
            double whole = items.get(items.size() - 1).path("memory_bytes").asDouble(0);
            charts.add(Chart.of(
                    whole > 0 ? "Memory, of " + Show.bytes(whole) : "Memory",
                    memory,
                    from,
                    now,
                    GAP,
                    whole,
                    Show::bytes));
        }
        return charts;
    }

    /** A host that was just begun to be watched shows an hour, not a day of nothing. */
    private static Duration span(Duration watched) {
        return watched.compareTo(Duration.ofHours(1)) < 0
                ? Duration.ofHours(1)
                : watched.compareTo(Duration.ofHours(6)) < 0 ? Duration.ofHours(6) : DAY;
    }

    private static @Nullable Double number(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isNumber() ? value.asDouble(0) : null;
    }

    private static List<Chart.Point> points(JsonNode items, Function<JsonNode, @Nullable Double> value) {
        List<Chart.Point> points = new ArrayList<>();
        items.forEach(node -> {
            Double number = value.apply(node);
            if (number != null) {
                points.add(new Chart.Point(IssueLines.instant(node, "at"), number));
            }
        });
        return points;
    }
}

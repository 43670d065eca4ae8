package dev.panoptes.detection.analytics;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.fusion.Entity;
import dev.panoptes.detection.fusion.Hit;
import dev.panoptes.detection.sigma.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A service, or a program outside services, uses far more of the processor or of memory than it does at this time of day. One
 * sample is kept of each half hour. The baseline of a sample are the earlier ones of the same hour of the day and its neighbours,
 * where there are at least {@link #SEASON} on three days; else all earlier ones, where there are at least {@link #HISTORY} over
 * a day. With their median m and s = max(1.4826 * median of |x - m|, 0.1 * m, floor), where the floor is 5 percent of a core or
 * 50 MB, a sample x is out of order where (x - m) / s is {@link #SIGMAS} or more, x is at least 1.5 times the largest of the
 * baseline (what a backup does every night is no news), and x is at least 50 percent of a core and twice m, or 500 MB and twice
 * m. Two in a row are told, low: much work is no attack by itself.
 */
public final class ResourceAnomaly implements Analytic {
    static final double SIGMAS = 6;
    static final double PEAK = 1.5;
    static final int SEASON = 12;
    static final int HISTORY = 24;
    private static final long BUCKET = 1_800;
    private static final Duration DAY = Duration.ofDays(1);
    private static final int MOST_GROUPS = 20_000;
    private static final int MOST_SAMPLES = 2_000;

    /** What is measured. @param floor of the spread @param least from which on it can be told */
    private enum Measure {
        CPU("process.cpu_percent", 5, 50),
        MEMORY("process.memory_bytes", 50_000_000, 500_000_000);

        private final String field;
        private final double floor;
        private final double least;

        Measure(String field, double floor, double least) {
            this.field = field;
            this.floor = floor;
            this.least = least;
        }
    }

    private record Key(String host, String what) {}

    private record Sample(Instant at, String event, double cpu, double memory, String process) {
        double of(Measure measure) {
            return measure == Measure.CPU ? cpu : memory;
        }
    }

    private final Map<Key, Map<Long, Sample>> samples = new HashMap<>();
    private long dropped;

    @Override
    public String name() {
        return "resource-anomaly";
    }

    @Override
    public boolean looksAt(String dataset) {
        return dataset.equals("panoptes.proc");
    }

    @Override
    public int least() {
        return HISTORY + 2;
    }

    @Override
    public List<String> keys(Seen seen) {
        Key key = key(seen);
        return key == null ? List.of() : List.of(key.host() + '\n' + key.what());
    }

    @Override
    public String once(Seen seen, String key) {
        return Long.toString(bucket(seen.at()));
    }

    private static long bucket(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), BUCKET);
    }

    private static @Nullable Key key(Seen seen) {
        Event event = seen.event();
        if (!"panoptes.proc".equals(event.dataset())
                || !"process_usage".equals(event.action())
                || seen.host().isEmpty()) {
            return null;
        }
        String unit = seen.text("service.name");
        String what = unit.isEmpty() ? FirstSeen.alike(seen.text("process.executable")) : unit;
        return what.isEmpty() ? null : new Key(seen.host(), what);
    }

    @Override
    public void see(Seen seen) {
        Key key = key(seen);
        if (key == null) {
            return;
        }
        Map<Long, Sample> known = samples.get(key);
        if (known == null) {
            if (samples.size() >= MOST_GROUPS) {
                dropped++;
                return;
            }
            known = new HashMap<>(4);
            samples.put(key, known);
        }
        Sample sample = new Sample(
                seen.at(),
                seen.id(),
                number(seen.event(), Measure.CPU),
                number(seen.event(), Measure.MEMORY),
                seen.text("process.executable"));
        Sample before = known.get(bucket(seen.at()));
        if (before == null && known.size() >= MOST_SAMPLES) {
            dropped++;
        } else if (before == null || ORDER.compare(sample, before) < 0) {
            known.put(bucket(seen.at()), sample);
        }
    }

    private static final Comparator<Sample> ORDER =
            Comparator.comparing(Sample::at).thenComparing(Sample::event);

    private static double number(Event event, Measure measure) {
        return event.value(measure.field)
                .filter(Number.class::isInstance)
                .map(value -> ((Number) value).doubleValue())
                .filter(Double::isFinite)
                .orElse(0.0);
    }

    @Override
    public long dropped() {
        return dropped;
    }

    @Override
    public List<Hit> conclude() {
        List<Hit> hits = new ArrayList<>();
        samples.forEach((key, known) -> {
            List<Sample> sorted = new ArrayList<>(new TreeMap<>(known).values());
            for (Measure measure : Measure.values()) {
                int run = 0;
                for (int i = 1; i < sorted.size(); i++) {
                    boolean follows = bucket(sorted.get(i).at())
                                    - bucket(sorted.get(i - 1).at())
                            <= 2;
                    run = outOfOrder(sorted, i, measure) ? (follows ? run + 1 : 1) : 0;
                    if (run == 2) {
                        hits.add(told(key, measure, sorted, i));
                    }
                }
            }
        });
        return hits;
    }

    private static boolean outOfOrder(List<Sample> sorted, int place, Measure measure) {
        double value = sorted.get(place).of(measure);
        if (value < measure.least) {
            return false;
        }
        double[] base = baseline(sorted, place, measure);
        if (base.length == 0) {
            return false;
        }
        double median = median(base);
        double[] away = Arrays.stream(base).map(one -> Math.abs(one - median)).toArray();
        double spread = Math.max(Math.max(1.4826 * median(away), 0.1 * median), measure.floor);
        double largest = Arrays.stream(base).max().orElse(0);
        return value >= 2 * median && value >= PEAK * largest && (value - median) / spread >= SIGMAS;
    }

    /** The earlier samples that this one is measured by; none where there are too few. */
    private static double[] baseline(List<Sample> sorted, int place, Measure measure) {
        Instant at = sorted.get(place).at();
        long hour = Math.floorMod(Math.floorDiv(at.getEpochSecond(), 3_600L), 24L);
        List<Double> season = new ArrayList<>();
        SortedSet<Long> days = new TreeSet<>();
        double[] all = new double[place];
        for (int i = 0; i < place; i++) {
            Sample sample = sorted.get(i);
            all[i] = sample.of(measure);
            long other = Math.floorMod(Math.floorDiv(sample.at().getEpochSecond(), 3_600L), 24L);
            long apart = Math.min(Math.floorMod(hour - other, 24L), Math.floorMod(other - hour, 24L));
            if (apart <= 1 && sample.at().isBefore(at.minus(DAY.dividedBy(2)))) {
                season.add(sample.of(measure));
                days.add(Math.floorDiv(sample.at().getEpochSecond(), 86_400L));
            }
        }
        if (season.size() >= SEASON && days.size() >= 3) {
            return season.stream().mapToDouble(Double::doubleValue).toArray();
        }
        // Where there is no season yet, what just began is not its own excuse.
        Instant before = at.minusSeconds(4 * BUCKET);
        int usual = place;
        while (usual > 0 && sorted.get(usual - 1).at().isAfter(before)) {
            usual--;
        }
        boolean enough = usual >= HISTORY && !sorted.getFirst().at().isAfter(at.minus(DAY));
        return enough ? Arrays.copyOf(all, usual) : new double[0];
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static Hit told(Key key, Measure measure, List<Sample> sorted, int place) {
        Sample first = sorted.get(place - 1);
        Sample second = sorted.get(place);
        SortedSet<Entity> entities = new TreeSet<>();
        entities.add(new Entity("host", key.host()));
        if (!second.process().isEmpty()) {
            entities.add(new Entity("process", second.process()));
        }
        double median = median(baseline(sorted, place, measure));
        String text = measure == Measure.CPU
                ? String.format(
                        Locale.ROOT,
                        "%s uses %.0f %% of a core where it uses %.0f %% at this time",
                        key.what(),
                        second.cpu(),
                        median)
                : String.format(
                        Locale.ROOT,
                        "%s uses %.0f MB where it uses %.0f MB at this time",
                        key.what(),
                        second.memory() / 1e6,
                        median / 1e6);
        return LoginGuessing.hit(
                measure == Measure.CPU ? "cpu_anomaly" : "memory_anomaly",
                "A program uses far more than it does at this time",
                Level.LOW,
                measure == Measure.CPU ? List.of("T1496") : List.of(),
                "impact",
                first.at(),
                second.at(),
                List.of(first.event(), second.event()),
                2,
                entities,
                text);
    }
}

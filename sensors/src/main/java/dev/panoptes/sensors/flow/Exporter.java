package dev.panoptes.sensors.flow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one exporter and observation domain: its templates, what waits for one, its sampling, and the numbers it has
 * sent. Bounded in all of these. For one thread.
 */
final class Exporter {
    private static final int MOST_TEMPLATES = 2048;
    private static final int MOST_WAITING = 128;
    private static final int MOST_WAITING_BYTES = 1 << 20;
    private static final int MOST_SAMPLERS = 4096;
    private static final int MOST_SEQUENCES = 16;
    private static final long MOST_AHEAD = 50_000;

    private final Map<Integer, Template> templates = new LinkedHashMap<>();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final Map<Long, Long> samplers = new HashMap<>();
    private final Map<Long, Long> interfaces = new HashMap<>();
    private final List<Sequence> sequences = new ArrayList<>(1);
    private final Map<String, Object> told;
    private final Map<Long, Map<String, Object>> toldSampled = new HashMap<>();
    private long everywhere = -1;
    private int waitingBytes;
    private long lost;

    /** A data set whose template has not come. */
    record Waiting(int templateId, byte[] data, FlowContext context) {}

    /** @param told what events say of the exporter, without sampling */
    Exporter(Map<String, Object> told) {
        this.told = Map.copyOf(told);
    }

    /** What events say of the exporter; shared by its events. */
    Map<String, Object> told(long sampling) {
        return toldSampled.computeIfAbsent(sampling, interval -> {
            if (toldSampled.size() > 64) {
                toldSampled.clear();
            }
            Map<String, Object> all = new LinkedHashMap<>();
            for (String key : List.of("address", "version", "source_id")) {
                if (told.containsKey(key)) {
                    all.put(key, told.get(key));
                }
            }
            if (interval > 0) {
                all.put("sampling", interval);
            }
            return all;
        });
    }

    @Nullable
    Template template(int id) {
        return templates.get(id);
    }

    /** Keeps a template and gives back what has waited for it. */
    List<Waiting> add(Template template) {
        if (templates.size() >= MOST_TEMPLATES && !templates.containsKey(template.id())) {
            Iterator<Integer> oldest = templates.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        templates.put(template.id(), template);
        List<Waiting> ready = new ArrayList<>();
        for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
            Waiting one = all.next();
            if (one.templateId == template.id()) {
                ready.add(one);
                waitingBytes -= one.data.length;
                all.remove();
            }
        }
        return ready;
    }

    /** RFC 7011 section 8.1: the exporter takes a template back. */
    void withdraw(int id) {
        if (id < 256) {
            templates.clear();
        } else {
            templates.remove(id);
        }
    }

    /** The oldest set makes room and is lost. */
    void await(Waiting set) {
        waiting.add(set);
        waitingBytes += set.data.length;
        while (waiting.size() > MOST_WAITING || waitingBytes > MOST_WAITING_BYTES) {
            waitingBytes -= waiting.remove().data.length;
            lost++;
        }
    }

    /** Applies what an options record says of sampling. */
    void sampling(long interval, @Nullable Long sampler, @Nullable Long byInterface) {
        if (interval <= 0) {
            return;
        }
        if (sampler != null) {
            if (samplers.size() < MOST_SAMPLERS) {
                samplers.put(sampler, interval);
            }
        } else if (byInterface != null) {
            if (interfaces.size() < MOST_SAMPLERS) {
                interfaces.put(byInterface, interval);
            }
        } else {
            everywhere = interval;
        }
    }

    /** The interval that holds for a flow; -1 where nothing tells. */
    long sampling(@Nullable Long sampler, long ingress, long egress) {
        Long interval = sampler == null ? null : samplers.get(sampler);
        if (interval == null && !interfaces.isEmpty()) {
            interval = interfaces.get(ingress);
            interval = interval == null ? interfaces.get(egress) : interval;
        }
        return interval == null ? everywhere : interval;
    }

    /**
     * Follows the exporter's numbers. Where no address tells exporters apart, a number far from what should come is another
     * exporter's, and no loss.
     *
     * @param units how far the next number is; -1 where that is not known
     */
    void follow(long number, long units) {
        Sequence nearest = null;
        long distance = MOST_AHEAD;
        boolean alone = told.containsKey("address");
        for (Sequence sequence : sequences) {
            long ahead = alone ? 0 : sequence.ahead(number);
            if (ahead >= 0 && ahead < distance) {
                nearest = sequence;
                distance = ahead;
            }
        }
        if (nearest == null) {
            if (sequences.size() >= MOST_SEQUENCES) {
                lost += sequences.removeLast().takeLost();
            }
            nearest = new Sequence();
        } else {
            sequences.remove(nearest);
        }
        sequences.addFirst(nearest); // of two that fit, the one that was heard last
        nearest.follow(number, units);
    }

    /** How many numbers are missing, and sets that waited in vain, since this was asked last. */
    long takeLost(boolean end) {
        long all = lost;
        lost = 0;
        for (Sequence sequence : sequences) {
            all += sequence.takeLost();
        }
        if (end) {
            all += waiting.size();
            waiting.clear();
            waitingBytes = 0;
        }
        return all;
    }
}

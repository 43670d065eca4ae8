package dev.panoptes.detection.analytics;

import java.util.List;

/**
 * What an analytic can conclude, for whoever asks what could be seen.
 *
 * @param name as findings carry it
 * @param techniques ATT&CK ids that it can name
 * @param datasets of the events that it looks at
 */
public record Conclusion(String name, List<String> techniques, List<String> datasets) {
    public Conclusion {
        techniques = List.copyOf(techniques);
        datasets = List.copyOf(datasets);
    }
}

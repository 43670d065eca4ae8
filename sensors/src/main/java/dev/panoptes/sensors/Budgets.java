package dev.panoptes.sensors;

/**
 * What sensors may take of the machine.
 *
 * @param cpuPercent of one core, for each sensor, on the average of half a minute; 0: as much as it wants
 * @param memoryBytes of the whole process, resident; 0: as much as it wants
 */
public record Budgets(int cpuPercent, long memoryBytes) {
    public static final Budgets DEFAULT = new Budgets(50, 400L << 20);
    public static final Budgets NONE = new Budgets(0, 0);
}

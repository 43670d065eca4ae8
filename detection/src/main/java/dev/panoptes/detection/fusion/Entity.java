package dev.panoptes.detection.fusion;

/** Who or what took part. @param type host, user, process, file, source.ip, destination.ip or domain */
public record Entity(String type, String id) implements Comparable<Entity> {
    @Override
    public int compareTo(Entity other) {
        int byType = type.compareTo(other.type);
        return byType != 0 ? byType : id.compareTo(other.id);
    }
}

package dev.panoptes.detection.fusion;

import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The few entities of a hit in their order: an array, where a tree would take five times as much. Immutable; thread-safe. */
final class FewEntities extends AbstractSet<Entity> implements SortedSet<Entity> {
    private final Entity[] sorted;

    private FewEntities(Entity[] sorted) {
        this.sorted = sorted;
    }

    static FewEntities of(Collection<Entity> entities) {
        return entities instanceof FewEntities few
                ? few
                : new FewEntities(entities.stream().sorted().distinct().toArray(Entity[]::new));
    }

    /** The same with others that are equal, so that hits share them. */
    FewEntities sharing(UnaryOperator<Entity> shared) {
        return new FewEntities(Arrays.stream(sorted).map(shared).toArray(Entity[]::new));
    }

    @Override
    public int size() {
        return sorted.length;
    }

    @Override
    public boolean contains(@Nullable Object wanted) {
        return wanted instanceof Entity && Arrays.binarySearch(sorted, wanted) >= 0;
    }

    @Override
    public Iterator<Entity> iterator() {
        return Arrays.asList(sorted).iterator();
    }

    @Override
    public @Nullable Comparator<? super Entity> comparator() {
        return null;
    }

    @Override
    public SortedSet<Entity> subSet(Entity from, Entity to) {
        return new TreeSet<>(this).subSet(from, to);
    }

    @Override
    public SortedSet<Entity> headSet(Entity to) {
        return new TreeSet<>(this).headSet(to);
    }

    @Override
    public SortedSet<Entity> tailSet(Entity from) {
        return new TreeSet<>(this).tailSet(from);
    }

    @Override
    public Entity first() {
        if (sorted.length == 0) {
            throw new NoSuchElementException();
        }
        return sorted[0];
    }

    @Override
    public Entity last() {
        if (sorted.length == 0) {
            throw new NoSuchElementException();
        }
        return sorted[sorted.length - 1];
    }
}

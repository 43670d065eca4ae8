package dev.panoptes.detection.sigma;

import java.util.Arrays;

/** A set of small numbers that remembers what is in it, to be used again and again. For one thread. */
final class Marks {
    private final long[] bits;
    private int[] members = new int[64];
    private int size;

    /** @param limit above every number */
    Marks(int limit) {
        bits = new long[(limit + 63) >> 6];
    }

    void add(int number) {
        long bit = 1L << number;
        if ((bits[number >> 6] & bit) == 0) {
            bits[number >> 6] |= bit;
            if (size == members.length) {
                members = Arrays.copyOf(members, size * 2);
            }
            members[size++] = number;
        }
    }

    boolean has(int number) {
        return (bits[number >> 6] & 1L << number) != 0;
    }

    /** Whether one of those is in it that are given as words of 64, by the number of each word. */
    boolean hasOne(int[] words, long[] masks) {
        for (int i = 0; i < words.length; i++) {
            if ((bits[words[i]] & masks[i]) != 0) {
                return true;
            }
        }
        return false;
    }

    int size() {
        return size;
    }

    /** One of those in it, by its place from 0. */
    int get(int place) {
        return members[place];
    }

    void sort() {
        Arrays.sort(members, 0, size);
    }

    void clear() {
        for (int i = 0; i < size; i++) {
            bits[members[i] >> 6] = 0;
        }
        size = 0;
    }
}

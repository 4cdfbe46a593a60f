// Two threads that race need two CPUs: soaks side by side would take them from each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

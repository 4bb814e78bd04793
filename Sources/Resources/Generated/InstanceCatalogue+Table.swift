// Generated from Catalogue/instances.csv by `make generate`: edit that file instead.
// swift-format-ignore-file

extension InstanceCatalogue {
    /// One type a line: type, family, vcpus, memory_gib, gpus, gpu_model, gpu_memory_gib, usable_for.
    ///
    /// Text, because an array literal of as many structures takes the compiler twenty seconds.
    static let table = """
        ml.t2.medium,standard,2,4,0,,,notebook|hosting
        ml.t2.large,standard,2,8,0,,,notebook|hosting
        ml.t2.xlarge,standard,4,16,0,,,notebook|hosting
        ml.t2.2xlarge,standard,8,32,0,,,notebook|hosting
        ml.t3.micro,standard,2,1,0,,,studio
        ml.t3.small,standard,2,2,0,,,studio
        ml.t3.medium,standard,2,4,0,,,notebook|training|processing|studio|cluster
        ml.t3.large,standard,2,8,0,,,notebook|training|processing|studio|cluster
        ml.t3.xlarge,standard,4,16,0,,,notebook|training|processing|studio|cluster
        ml.t3.2xlarge,standard,8,32,0,,,notebook|training|processing|studio|cluster
        ml.m4.xlarge,standard,4,16,0,,,notebook|training|processing|hosting|transform
        ml.m4.2xlarge,standard,8,32,0,,,notebook|training|processing|hosting|transform
        ml.m4.4xlarge,standard,16,64,0,,,notebook|training|processing|hosting|transform
        ml.m4.10xlarge,standard,40,160,0,,,notebook|training|processing|hosting|transform
        ml.m4.16xlarge,standard,64,256,0,,,notebook|training|processing|hosting|transform
        ml.m5.large,standard,2,8,0,,,training|processing|hosting|transform|studio|cluster
        ml.m5.xlarge,standard,4,16,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.m5.2xlarge,standard,8,32,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.m5.4xlarge,standard,16,64,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.m5.8xlarge,standard,32,128,0,,,studio|cluster
        ml.m5.12xlarge,standard,48,192,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.m5.16xlarge,standard,64,256,0,,,studio|cluster
        ml.m5.24xlarge,standard,96,384,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.m5d.large,standard,2,8,0,,,notebook|hosting|studio
        ml.m5d.xlarge,standard,4,16,0,,,notebook|hosting|studio
        ml.m5d.2xlarge,standard,8,32,0,,,notebook|hosting|studio
        ml.m5d.4xlarge,standard,16,64,0,,,notebook|hosting|studio
        ml.m5d.8xlarge,standard,32,128,0,,,notebook|studio
        ml.m5d.12xlarge,standard,48,192,0,,,notebook|hosting|studio
        ml.m5d.16xlarge,standard,64,256,0,,,notebook|studio
        ml.m5d.24xlarge,standard,96,384,0,,,notebook|hosting|studio
        ml.m6a.large,standard,2,8,0,,,cluster
        ml.m6a.xlarge,standard,4,16,0,,,cluster
        ml.m6a.2xlarge,standard,8,32,0,,,cluster
        ml.m6a.4xlarge,standard,16,64,0,,,cluster
        ml.m6a.8xlarge,standard,32,128,0,,,cluster
        ml.m6a.12xlarge,standard,48,192,0,,,cluster
        ml.m6a.16xlarge,standard,64,256,0,,,cluster
        ml.m6a.24xlarge,standard,96,384,0,,,cluster
        ml.m6a.32xlarge,standard,128,512,0,,,cluster
        ml.m6a.48xlarge,standard,192,768,0,,,cluster
        ml.m6g.medium,standard,1,4,0,,,cluster
        ml.m6g.large,standard,2,8,0,,,hosting|cluster
        ml.m6g.xlarge,standard,4,16,0,,,hosting|cluster
        ml.m6g.2xlarge,standard,8,32,0,,,hosting|cluster
        ml.m6g.4xlarge,standard,16,64,0,,,hosting|cluster
        ml.m6g.8xlarge,standard,32,128,0,,,hosting|cluster
        ml.m6g.12xlarge,standard,48,192,0,,,hosting|cluster
        ml.m6g.16xlarge,standard,64,256,0,,,hosting|cluster
        ml.m6gd.large,standard,2,8,0,,,hosting
        ml.m6gd.xlarge,standard,4,16,0,,,hosting
        ml.m6gd.2xlarge,standard,8,32,0,,,hosting
        ml.m6gd.4xlarge,standard,16,64,0,,,hosting
        ml.m6gd.8xlarge,standard,32,128,0,,,hosting
        ml.m6gd.12xlarge,standard,48,192,0,,,hosting
        ml.m6gd.16xlarge,standard,64,256,0,,,hosting
        ml.m6i.large,standard,2,8,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.m6i.xlarge,standard,4,16,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.m6i.2xlarge,standard,8,32,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.m6i.4xlarge,standard,16,64,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.m6i.8xlarge,standard,32,128,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.m6i.12xlarge,standard,48,192,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.m6i.16xlarge,standard,64,256,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.m6i.24xlarge,standard,96,384,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.m6i.32xlarge,standard,128,512,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.m6id.large,standard,2,8,0,,,notebook|studio
        ml.m6id.xlarge,standard,4,16,0,,,notebook|studio
        ml.m6id.2xlarge,standard,8,32,0,,,notebook|studio
        ml.m6id.4xlarge,standard,16,64,0,,,notebook|studio
        ml.m6id.8xlarge,standard,32,128,0,,,notebook|studio
        ml.m6id.12xlarge,standard,48,192,0,,,notebook|studio
        ml.m6id.16xlarge,standard,64,256,0,,,notebook|studio
        ml.m6id.24xlarge,standard,96,384,0,,,notebook|studio
        ml.m6id.32xlarge,standard,128,512,0,,,notebook|studio
        ml.m7g.medium,standard,1,4,0,,,cluster
        ml.m7g.large,standard,2,8,0,,,cluster
        ml.m7g.xlarge,standard,4,16,0,,,cluster
        ml.m7g.2xlarge,standard,8,32,0,,,cluster
        ml.m7g.4xlarge,standard,16,64,0,,,cluster
        ml.m7g.8xlarge,standard,32,128,0,,,cluster
        ml.m7g.12xlarge,standard,48,192,0,,,cluster
        ml.m7g.16xlarge,standard,64,256,0,,,cluster
        ml.m7i.large,standard,2,8,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.m7i.xlarge,standard,4,16,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.m7i.2xlarge,standard,8,32,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.m7i.4xlarge,standard,16,64,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.m7i.8xlarge,standard,32,128,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.m7i.12xlarge,standard,48,192,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.m7i.16xlarge,standard,64,256,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.m7i.24xlarge,standard,96,384,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.m7i.48xlarge,standard,192,768,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.m7i-flex.large,standard,2,8,0,,,training|processing
        ml.m7i-flex.xlarge,standard,4,16,0,,,training|processing
        ml.m7i-flex.2xlarge,standard,8,32,0,,,training|processing
        ml.m7i-flex.4xlarge,standard,16,64,0,,,training|processing
        ml.m7i-flex.8xlarge,standard,32,128,0,,,training|processing
        ml.m7i-flex.12xlarge,standard,48,192,0,,,training|processing
        ml.m7i-flex.16xlarge,standard,64,256,0,,,training|processing
        ml.m8a.16xlarge,standard,64,256,0,,,cluster
        ml.m8g.medium,standard,1,4,0,,,hosting|cluster
        ml.m8g.large,standard,2,8,0,,,hosting|cluster
        ml.m8g.xlarge,standard,4,16,0,,,hosting|cluster
        ml.m8g.2xlarge,standard,8,32,0,,,hosting|cluster
        ml.m8g.4xlarge,standard,16,64,0,,,hosting|cluster
        ml.m8g.8xlarge,standard,32,128,0,,,hosting|cluster
        ml.m8g.12xlarge,standard,48,192,0,,,hosting|cluster
        ml.m8g.16xlarge,standard,64,256,0,,,hosting|cluster
        ml.m8g.24xlarge,standard,96,384,0,,,hosting|cluster
        ml.m8g.48xlarge,standard,192,768,0,,,hosting|cluster
        ml.m8i.large,standard,2,8,0,,,training|processing
        ml.m8i.xlarge,standard,4,16,0,,,training|processing
        ml.m8i.2xlarge,standard,8,32,0,,,training|processing
        ml.m8i.4xlarge,standard,16,64,0,,,training|processing
        ml.m8i.8xlarge,standard,32,128,0,,,training|processing
        ml.m8i.12xlarge,standard,48,192,0,,,training|processing
        ml.m8i.16xlarge,standard,64,256,0,,,training|processing
        ml.m8i.24xlarge,standard,96,384,0,,,training|processing
        ml.m8i.32xlarge,standard,128,512,0,,,training|processing
        ml.m8i.48xlarge,standard,192,768,0,,,training|processing
        ml.m8i.96xlarge,standard,384,1536,0,,,training|processing
        ml.m8i-flex.large,standard,2,8,0,,,training|processing
        ml.m8i-flex.xlarge,standard,4,16,0,,,training|processing
        ml.m8i-flex.2xlarge,standard,8,32,0,,,training|processing
        ml.m8i-flex.4xlarge,standard,16,64,0,,,training|processing
        ml.m8i-flex.8xlarge,standard,32,128,0,,,training|processing
        ml.m8i-flex.12xlarge,standard,48,192,0,,,training|processing
        ml.m8i-flex.16xlarge,standard,64,256,0,,,training|processing
        ml.c4.large,compute-optimized,2,3.75,0,,,hosting
        ml.c4.xlarge,compute-optimized,4,7.5,0,,,notebook|training|processing|hosting|transform
        ml.c4.2xlarge,compute-optimized,8,15,0,,,notebook|training|processing|hosting|transform
        ml.c4.4xlarge,compute-optimized,16,30,0,,,notebook|training|processing|hosting|transform
        ml.c4.8xlarge,compute-optimized,36,60,0,,,notebook|training|processing|hosting|transform
        ml.c5.large,compute-optimized,2,4,0,,,hosting|studio|cluster
        ml.c5.xlarge,compute-optimized,4,8,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.c5.2xlarge,compute-optimized,8,16,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.c5.4xlarge,compute-optimized,16,32,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.c5.9xlarge,compute-optimized,36,72,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.c5.12xlarge,compute-optimized,48,96,0,,,studio|cluster
        ml.c5.18xlarge,compute-optimized,72,144,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.c5.24xlarge,compute-optimized,96,192,0,,,studio|cluster
        ml.c5d.large,compute-optimized,2,4,0,,,hosting
        ml.c5d.xlarge,compute-optimized,4,8,0,,,notebook|hosting
        ml.c5d.2xlarge,compute-optimized,8,16,0,,,notebook|hosting
        ml.c5d.4xlarge,compute-optimized,16,32,0,,,notebook|hosting
        ml.c5d.9xlarge,compute-optimized,36,72,0,,,notebook|hosting
        ml.c5d.18xlarge,compute-optimized,72,144,0,,,notebook|hosting
        ml.c5n.large,compute-optimized,2,5.25,0,,,cluster
        ml.c5n.xlarge,compute-optimized,4,10.5,0,,,training
        ml.c5n.2xlarge,compute-optimized,8,21,0,,,training|cluster
        ml.c5n.4xlarge,compute-optimized,16,42,0,,,training|cluster
        ml.c5n.9xlarge,compute-optimized,36,96,0,,,training|cluster
        ml.c5n.18xlarge,compute-optimized,72,192,0,,,training|cluster
        ml.c6a.large,compute-optimized,2,4,0,,,cluster
        ml.c6a.xlarge,compute-optimized,4,8,0,,,cluster
        ml.c6a.2xlarge,compute-optimized,8,16,0,,,cluster
        ml.c6a.4xlarge,compute-optimized,16,32,0,,,cluster
        ml.c6a.8xlarge,compute-optimized,32,64,0,,,cluster
        ml.c6a.12xlarge,compute-optimized,48,96,0,,,cluster
        ml.c6a.16xlarge,compute-optimized,64,128,0,,,cluster
        ml.c6a.24xlarge,compute-optimized,96,192,0,,,cluster
        ml.c6a.32xlarge,compute-optimized,128,256,0,,,cluster
        ml.c6a.48xlarge,compute-optimized,192,384,0,,,cluster
        ml.c6g.medium,compute-optimized,1,2,0,,,cluster
        ml.c6g.large,compute-optimized,2,4,0,,,hosting|cluster
        ml.c6g.xlarge,compute-optimized,4,8,0,,,hosting|cluster
        ml.c6g.2xlarge,compute-optimized,8,16,0,,,hosting|cluster
        ml.c6g.4xlarge,compute-optimized,16,32,0,,,hosting|cluster
        ml.c6g.8xlarge,compute-optimized,32,64,0,,,hosting|cluster
        ml.c6g.12xlarge,compute-optimized,48,96,0,,,hosting|cluster
        ml.c6g.16xlarge,compute-optimized,64,128,0,,,hosting|cluster
        ml.c6gd.large,compute-optimized,2,4,0,,,hosting
        ml.c6gd.xlarge,compute-optimized,4,8,0,,,hosting
        ml.c6gd.2xlarge,compute-optimized,8,16,0,,,hosting
        ml.c6gd.4xlarge,compute-optimized,16,32,0,,,hosting
        ml.c6gd.8xlarge,compute-optimized,32,64,0,,,hosting
        ml.c6gd.12xlarge,compute-optimized,48,96,0,,,hosting
        ml.c6gd.16xlarge,compute-optimized,64,128,0,,,hosting
        ml.c6gn.large,compute-optimized,2,4,0,,,hosting
        ml.c6gn.xlarge,compute-optimized,4,8,0,,,hosting
        ml.c6gn.2xlarge,compute-optimized,8,16,0,,,hosting
        ml.c6gn.4xlarge,compute-optimized,16,32,0,,,hosting
        ml.c6gn.8xlarge,compute-optimized,32,64,0,,,hosting
        ml.c6gn.12xlarge,compute-optimized,48,96,0,,,hosting
        ml.c6gn.16xlarge,compute-optimized,64,128,0,,,hosting
        ml.c6i.large,compute-optimized,2,4,0,,,notebook|hosting|transform|studio|cluster
        ml.c6i.xlarge,compute-optimized,4,8,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.c6i.2xlarge,compute-optimized,8,16,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.c6i.4xlarge,compute-optimized,16,32,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.c6i.8xlarge,compute-optimized,32,64,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.c6i.12xlarge,compute-optimized,48,96,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.c6i.16xlarge,compute-optimized,64,128,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.c6i.24xlarge,compute-optimized,96,192,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.c6i.32xlarge,compute-optimized,128,256,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.c6id.large,compute-optimized,2,4,0,,,notebook|studio
        ml.c6id.xlarge,compute-optimized,4,8,0,,,notebook|studio
        ml.c6id.2xlarge,compute-optimized,8,16,0,,,notebook|studio
        ml.c6id.4xlarge,compute-optimized,16,32,0,,,notebook|studio
        ml.c6id.8xlarge,compute-optimized,32,64,0,,,notebook|studio
        ml.c6id.12xlarge,compute-optimized,48,96,0,,,notebook|studio
        ml.c6id.16xlarge,compute-optimized,64,128,0,,,notebook|studio
        ml.c6id.24xlarge,compute-optimized,96,192,0,,,notebook|studio
        ml.c6id.32xlarge,compute-optimized,128,256,0,,,notebook|studio
        ml.c6in.large,compute-optimized,2,4,0,,,hosting
        ml.c6in.xlarge,compute-optimized,4,8,0,,,hosting
        ml.c6in.2xlarge,compute-optimized,8,16,0,,,hosting
        ml.c6in.4xlarge,compute-optimized,16,32,0,,,hosting
        ml.c6in.8xlarge,compute-optimized,32,64,0,,,hosting
        ml.c6in.12xlarge,compute-optimized,48,96,0,,,hosting
        ml.c6in.16xlarge,compute-optimized,64,128,0,,,hosting
        ml.c6in.24xlarge,compute-optimized,96,192,0,,,hosting
        ml.c6in.32xlarge,compute-optimized,128,256,0,,,hosting
        ml.c7g.medium,compute-optimized,1,2,0,,,cluster
        ml.c7g.large,compute-optimized,2,4,0,,,hosting|cluster
        ml.c7g.xlarge,compute-optimized,4,8,0,,,hosting|cluster
        ml.c7g.2xlarge,compute-optimized,8,16,0,,,hosting|cluster
        ml.c7g.4xlarge,compute-optimized,16,32,0,,,hosting|cluster
        ml.c7g.8xlarge,compute-optimized,32,64,0,,,hosting|cluster
        ml.c7g.12xlarge,compute-optimized,48,96,0,,,hosting|cluster
        ml.c7g.16xlarge,compute-optimized,64,128,0,,,hosting|cluster
        ml.c7i.large,compute-optimized,2,4,0,,,notebook|training|processing|hosting|transform|studio
        ml.c7i.xlarge,compute-optimized,4,8,0,,,notebook|training|processing|hosting|transform|studio
        ml.c7i.2xlarge,compute-optimized,8,16,0,,,notebook|training|processing|hosting|transform|studio
        ml.c7i.4xlarge,compute-optimized,16,32,0,,,notebook|training|processing|hosting|transform|studio
        ml.c7i.8xlarge,compute-optimized,32,64,0,,,notebook|training|processing|hosting|transform|studio
        ml.c7i.12xlarge,compute-optimized,48,96,0,,,notebook|training|processing|hosting|transform|studio
        ml.c7i.16xlarge,compute-optimized,64,128,0,,,notebook|training|processing|hosting|transform|studio
        ml.c7i.24xlarge,compute-optimized,96,192,0,,,notebook|training|processing|hosting|transform|studio
        ml.c7i.48xlarge,compute-optimized,192,384,0,,,notebook|training|processing|hosting|transform|studio
        ml.c7i-flex.xlarge,compute-optimized,4,8,0,,,training|processing
        ml.c7i-flex.2xlarge,compute-optimized,8,16,0,,,training|processing
        ml.c7i-flex.4xlarge,compute-optimized,16,32,0,,,training|processing
        ml.c7i-flex.8xlarge,compute-optimized,32,64,0,,,training|processing
        ml.c7i-flex.12xlarge,compute-optimized,48,96,0,,,training|processing
        ml.c7i-flex.16xlarge,compute-optimized,64,128,0,,,training|processing
        ml.c8a.16xlarge,compute-optimized,64,128,0,,,cluster
        ml.c8g.medium,compute-optimized,1,2,0,,,hosting|cluster
        ml.c8g.large,compute-optimized,2,4,0,,,hosting|cluster
        ml.c8g.xlarge,compute-optimized,4,8,0,,,hosting|cluster
        ml.c8g.2xlarge,compute-optimized,8,16,0,,,hosting|cluster
        ml.c8g.4xlarge,compute-optimized,16,32,0,,,hosting|cluster
        ml.c8g.8xlarge,compute-optimized,32,64,0,,,hosting|cluster
        ml.c8g.12xlarge,compute-optimized,48,96,0,,,hosting|cluster
        ml.c8g.16xlarge,compute-optimized,64,128,0,,,hosting|cluster
        ml.c8g.24xlarge,compute-optimized,96,192,0,,,hosting|cluster
        ml.c8g.48xlarge,compute-optimized,192,384,0,,,hosting|cluster
        ml.c8i.xlarge,compute-optimized,4,8,0,,,training|processing
        ml.c8i.2xlarge,compute-optimized,8,16,0,,,training|processing
        ml.c8i.4xlarge,compute-optimized,16,32,0,,,training|processing
        ml.c8i.8xlarge,compute-optimized,32,64,0,,,training|processing
        ml.c8i.12xlarge,compute-optimized,48,96,0,,,training|processing
        ml.c8i.16xlarge,compute-optimized,64,128,0,,,training|processing
        ml.c8i.24xlarge,compute-optimized,96,192,0,,,training|processing
        ml.c8i.32xlarge,compute-optimized,128,256,0,,,training|processing
        ml.c8i.48xlarge,compute-optimized,192,384,0,,,training|processing
        ml.c8i.96xlarge,compute-optimized,384,768,0,,,training|processing
        ml.c8i-flex.xlarge,compute-optimized,4,8,0,,,training|processing
        ml.c8i-flex.2xlarge,compute-optimized,8,16,0,,,training|processing
        ml.c8i-flex.4xlarge,compute-optimized,16,32,0,,,training|processing
        ml.c8i-flex.8xlarge,compute-optimized,32,64,0,,,training|processing
        ml.c8i-flex.12xlarge,compute-optimized,48,96,0,,,training|processing
        ml.c8i-flex.16xlarge,compute-optimized,64,128,0,,,training|processing
        ml.r5.large,memory-optimized,2,16,0,,,notebook|training|processing|hosting|studio
        ml.r5.xlarge,memory-optimized,4,32,0,,,notebook|training|processing|hosting|studio
        ml.r5.2xlarge,memory-optimized,8,64,0,,,notebook|training|processing|hosting|studio
        ml.r5.4xlarge,memory-optimized,16,128,0,,,notebook|training|processing|hosting|studio
        ml.r5.8xlarge,memory-optimized,32,256,0,,,notebook|training|processing|studio
        ml.r5.12xlarge,memory-optimized,48,384,0,,,notebook|training|processing|hosting|studio
        ml.r5.16xlarge,memory-optimized,64,512,0,,,notebook|training|processing|studio
        ml.r5.24xlarge,memory-optimized,96,768,0,,,notebook|training|processing|hosting|studio
        ml.r5d.large,memory-optimized,2,16,0,,,training|processing|hosting
        ml.r5d.xlarge,memory-optimized,4,32,0,,,training|processing|hosting
        ml.r5d.2xlarge,memory-optimized,8,64,0,,,training|processing|hosting
        ml.r5d.4xlarge,memory-optimized,16,128,0,,,training|processing|hosting
        ml.r5d.8xlarge,memory-optimized,32,256,0,,,training|processing
        ml.r5d.12xlarge,memory-optimized,48,384,0,,,training|processing|hosting
        ml.r5d.16xlarge,memory-optimized,64,512,0,,,training|processing|cluster
        ml.r5d.24xlarge,memory-optimized,96,768,0,,,training|processing|hosting
        ml.r6g.large,memory-optimized,2,16,0,,,hosting
        ml.r6g.xlarge,memory-optimized,4,32,0,,,hosting
        ml.r6g.2xlarge,memory-optimized,8,64,0,,,hosting
        ml.r6g.4xlarge,memory-optimized,16,128,0,,,hosting
        ml.r6g.8xlarge,memory-optimized,32,256,0,,,hosting
        ml.r6g.12xlarge,memory-optimized,48,384,0,,,hosting
        ml.r6g.16xlarge,memory-optimized,64,512,0,,,hosting
        ml.r6gd.large,memory-optimized,2,16,0,,,hosting
        ml.r6gd.xlarge,memory-optimized,4,32,0,,,hosting
        ml.r6gd.2xlarge,memory-optimized,8,64,0,,,hosting
        ml.r6gd.4xlarge,memory-optimized,16,128,0,,,hosting
        ml.r6gd.8xlarge,memory-optimized,32,256,0,,,hosting
        ml.r6gd.12xlarge,memory-optimized,48,384,0,,,hosting
        ml.r6gd.16xlarge,memory-optimized,64,512,0,,,hosting
        ml.r6i.large,memory-optimized,2,16,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.r6i.xlarge,memory-optimized,4,32,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.r6i.2xlarge,memory-optimized,8,64,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.r6i.4xlarge,memory-optimized,16,128,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.r6i.8xlarge,memory-optimized,32,256,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.r6i.12xlarge,memory-optimized,48,384,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.r6i.16xlarge,memory-optimized,64,512,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.r6i.24xlarge,memory-optimized,96,768,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.r6i.32xlarge,memory-optimized,128,1024,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.r6id.large,memory-optimized,2,16,0,,,notebook|studio
        ml.r6id.xlarge,memory-optimized,4,32,0,,,notebook|studio
        ml.r6id.2xlarge,memory-optimized,8,64,0,,,notebook|studio
        ml.r6id.4xlarge,memory-optimized,16,128,0,,,notebook|studio
        ml.r6id.8xlarge,memory-optimized,32,256,0,,,notebook|studio
        ml.r6id.12xlarge,memory-optimized,48,384,0,,,notebook|studio
        ml.r6id.16xlarge,memory-optimized,64,512,0,,,notebook|studio
        ml.r6id.24xlarge,memory-optimized,96,768,0,,,notebook|studio
        ml.r6id.32xlarge,memory-optimized,128,1024,0,,,notebook|studio
        ml.r7gd.medium,memory-optimized,1,8,0,,,hosting
        ml.r7gd.large,memory-optimized,2,16,0,,,hosting
        ml.r7gd.xlarge,memory-optimized,4,32,0,,,hosting
        ml.r7gd.2xlarge,memory-optimized,8,64,0,,,hosting
        ml.r7gd.4xlarge,memory-optimized,16,128,0,,,hosting
        ml.r7gd.8xlarge,memory-optimized,32,256,0,,,hosting
        ml.r7gd.12xlarge,memory-optimized,48,384,0,,,hosting
        ml.r7gd.16xlarge,memory-optimized,64,512,0,,,hosting
        ml.r7i.large,memory-optimized,2,16,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.r7i.xlarge,memory-optimized,4,32,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.r7i.2xlarge,memory-optimized,8,64,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.r7i.4xlarge,memory-optimized,16,128,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.r7i.8xlarge,memory-optimized,32,256,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.r7i.12xlarge,memory-optimized,48,384,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.r7i.16xlarge,memory-optimized,64,512,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.r7i.24xlarge,memory-optimized,96,768,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.r7i.48xlarge,memory-optimized,192,1536,0,,,notebook|training|processing|hosting|transform|studio|cluster
        ml.r8g.medium,memory-optimized,1,8,0,,,hosting
        ml.r8g.large,memory-optimized,2,16,0,,,hosting
        ml.r8g.xlarge,memory-optimized,4,32,0,,,hosting
        ml.r8g.2xlarge,memory-optimized,8,64,0,,,hosting
        ml.r8g.4xlarge,memory-optimized,16,128,0,,,hosting
        ml.r8g.8xlarge,memory-optimized,32,256,0,,,hosting
        ml.r8g.12xlarge,memory-optimized,48,384,0,,,hosting
        ml.r8g.16xlarge,memory-optimized,64,512,0,,,hosting
        ml.r8g.24xlarge,memory-optimized,96,768,0,,,hosting
        ml.r8g.48xlarge,memory-optimized,192,1536,0,,,hosting
        ml.r8i.large,memory-optimized,2,16,0,,,training|processing
        ml.r8i.xlarge,memory-optimized,4,32,0,,,training|processing
        ml.r8i.2xlarge,memory-optimized,8,64,0,,,training|processing
        ml.r8i.4xlarge,memory-optimized,16,128,0,,,training|processing
        ml.r8i.8xlarge,memory-optimized,32,256,0,,,training|processing
        ml.r8i.12xlarge,memory-optimized,48,384,0,,,training|processing
        ml.r8i.16xlarge,memory-optimized,64,512,0,,,training|processing
        ml.r8i.24xlarge,memory-optimized,96,768,0,,,training|processing
        ml.r8i.32xlarge,memory-optimized,128,1024,0,,,training|processing
        ml.r8i.48xlarge,memory-optimized,192,1536,0,,,training|processing
        ml.r8i.96xlarge,memory-optimized,384,3072,0,,,training|processing
        ml.r8i-flex.large,memory-optimized,2,16,0,,,training|processing
        ml.r8i-flex.xlarge,memory-optimized,4,32,0,,,training|processing
        ml.r8i-flex.2xlarge,memory-optimized,8,64,0,,,training|processing
        ml.r8i-flex.4xlarge,memory-optimized,16,128,0,,,training|processing
        ml.r8i-flex.8xlarge,memory-optimized,32,256,0,,,training|processing
        ml.r8i-flex.12xlarge,memory-optimized,48,384,0,,,training|processing
        ml.r8i-flex.16xlarge,memory-optimized,64,512,0,,,training|processing
        ml.i3en.large,storage-optimized,2,16,0,,,cluster
        ml.i3en.xlarge,storage-optimized,4,32,0,,,cluster
        ml.i3en.2xlarge,storage-optimized,8,64,0,,,cluster
        ml.i3en.3xlarge,storage-optimized,12,96,0,,,cluster
        ml.i3en.6xlarge,storage-optimized,24,192,0,,,cluster
        ml.i3en.12xlarge,storage-optimized,48,384,0,,,cluster
        ml.i3en.24xlarge,storage-optimized,96,768,0,,,cluster
        ml.p2.xlarge,accelerated,4,61,1,NVIDIA K80,12,notebook|training|processing|hosting|transform
        ml.p2.8xlarge,accelerated,32,488,8,NVIDIA K80,96,notebook|training|processing|hosting|transform
        ml.p2.16xlarge,accelerated,64,732,16,NVIDIA K80,192,notebook|training|processing|hosting|transform
        ml.p3.2xlarge,accelerated,8,61,1,NVIDIA V100,16,notebook|training|processing|hosting|transform|studio
        ml.p3.8xlarge,accelerated,32,244,4,NVIDIA V100,64,notebook|training|processing|hosting|transform|studio
        ml.p3.16xlarge,accelerated,64,488,8,NVIDIA V100,128,notebook|training|processing|hosting|transform|studio
        ml.p3dn.24xlarge,accelerated,96,768,8,NVIDIA V100,256,notebook|training|studio
        ml.g4dn.xlarge,accelerated,4,16,1,NVIDIA T4,16,notebook|training|processing|hosting|transform|studio|cluster
        ml.g4dn.2xlarge,accelerated,8,32,1,NVIDIA T4,16,notebook|training|processing|hosting|transform|studio|cluster
        ml.g4dn.4xlarge,accelerated,16,64,1,NVIDIA T4,16,notebook|training|processing|hosting|transform|studio|cluster
        ml.g4dn.8xlarge,accelerated,32,128,1,NVIDIA T4,16,notebook|training|processing|hosting|transform|studio|cluster
        ml.g4dn.12xlarge,accelerated,48,192,4,NVIDIA T4,64,notebook|training|processing|hosting|transform|studio|cluster
        ml.g4dn.16xlarge,accelerated,64,256,1,NVIDIA T4,16,notebook|training|processing|hosting|transform|studio|cluster
        ml.g5.xlarge,accelerated,4,16,1,NVIDIA A10G,24,notebook|training|processing|hosting|transform|studio|cluster
        ml.g5.2xlarge,accelerated,8,32,1,NVIDIA A10G,24,notebook|training|processing|hosting|transform|studio|cluster
        ml.g5.4xlarge,accelerated,16,64,1,NVIDIA A10G,24,notebook|training|processing|hosting|transform|studio|cluster
        ml.g5.8xlarge,accelerated,32,128,1,NVIDIA A10G,24,notebook|training|processing|hosting|transform|studio|cluster
        ml.g5.12xlarge,accelerated,48,192,4,NVIDIA A10G,96,notebook|training|processing|hosting|transform|studio|cluster
        ml.g5.16xlarge,accelerated,64,256,1,NVIDIA A10G,24,notebook|training|processing|hosting|transform|studio|cluster
        ml.g5.24xlarge,accelerated,96,384,4,NVIDIA A10G,96,notebook|training|processing|hosting|transform|studio|cluster
        ml.g5.48xlarge,accelerated,192,768,8,NVIDIA A10G,192,notebook|training|processing|hosting|transform|studio|cluster
        ml.p4d.24xlarge,accelerated,96,1152,8,NVIDIA A100,320,notebook|training|hosting|studio|cluster
        ml.p4de.24xlarge,accelerated,96,1152,8,NVIDIA A100,640,notebook|training|hosting|studio|cluster
        ml.p5.4xlarge,accelerated,16,256,1,NVIDIA H100,80,notebook|training|processing|hosting|studio|cluster
        ml.p5.48xlarge,accelerated,192,2048,8,NVIDIA H100,640,notebook|training|hosting|studio|cluster
        ml.dl1.24xlarge,accelerated,96,768,0,,,hosting
        ml.g6.xlarge,accelerated,4,16,1,NVIDIA L4,24,notebook|training|processing|hosting|transform|studio|cluster
        ml.g6.2xlarge,accelerated,8,32,1,NVIDIA L4,24,notebook|training|processing|hosting|transform|studio|cluster
        ml.g6.4xlarge,accelerated,16,64,1,NVIDIA L4,24,notebook|training|processing|hosting|transform|studio|cluster
        ml.g6.8xlarge,accelerated,32,128,1,NVIDIA L4,24,notebook|training|processing|hosting|transform|studio|cluster
        ml.g6.12xlarge,accelerated,48,192,4,NVIDIA L4,96,notebook|training|processing|hosting|transform|studio|cluster
        ml.g6.16xlarge,accelerated,64,256,1,NVIDIA L4,24,notebook|training|processing|hosting|transform|studio|cluster
        ml.g6.24xlarge,accelerated,96,384,4,NVIDIA L4,96,notebook|training|processing|hosting|transform|studio|cluster
        ml.g6.48xlarge,accelerated,192,768,8,NVIDIA L4,192,notebook|training|processing|hosting|transform|studio|cluster
        ml.g6e.xlarge,accelerated,4,32,1,NVIDIA L40S,48,notebook|training|processing|hosting|transform|studio|cluster
        ml.g6e.2xlarge,accelerated,8,64,1,NVIDIA L40S,48,notebook|training|processing|hosting|transform|studio|cluster
        ml.g6e.4xlarge,accelerated,16,128,1,NVIDIA L40S,48,notebook|training|processing|hosting|transform|studio|cluster
        ml.g6e.8xlarge,accelerated,32,256,1,NVIDIA L40S,48,notebook|training|processing|hosting|transform|studio|cluster
        ml.g6e.12xlarge,accelerated,48,384,4,NVIDIA L40S,192,notebook|training|processing|hosting|transform|studio|cluster
        ml.g6e.16xlarge,accelerated,64,512,1,NVIDIA L40S,48,notebook|training|processing|hosting|transform|studio|cluster
        ml.g6e.24xlarge,accelerated,96,768,4,NVIDIA L40S,192,notebook|training|processing|hosting|transform|studio|cluster
        ml.g6e.48xlarge,accelerated,192,1536,8,NVIDIA L40S,384,notebook|training|processing|hosting|transform|studio|cluster
        ml.g7.2xlarge,accelerated,8,32,1,NVIDIA RTX PRO 4500,32,training|processing|hosting|studio|cluster
        ml.g7.4xlarge,accelerated,16,64,1,NVIDIA RTX PRO 4500,32,training|processing|hosting|studio|cluster
        ml.g7.8xlarge,accelerated,32,128,1,NVIDIA RTX PRO 4500,32,training|processing|hosting|studio|cluster
        ml.g7.12xlarge,accelerated,48,192,2,NVIDIA RTX PRO 4500,64,training|processing|hosting|studio|cluster
        ml.g7.24xlarge,accelerated,96,384,4,NVIDIA RTX PRO 4500,128,training|processing|hosting|studio|cluster
        ml.g7.48xlarge,accelerated,192,768,8,NVIDIA RTX PRO 4500,256,training|processing|hosting|studio|cluster
        ml.g7e.2xlarge,accelerated,8,64,1,NVIDIA RTX PRO Server 6000,96,notebook|training|processing|hosting|studio|cluster
        ml.g7e.4xlarge,accelerated,16,128,1,NVIDIA RTX PRO Server 6000,96,notebook|training|processing|hosting|studio|cluster
        ml.g7e.8xlarge,accelerated,32,256,1,NVIDIA RTX PRO Server 6000,96,notebook|training|processing|hosting|studio|cluster
        ml.g7e.12xlarge,accelerated,48,512,2,NVIDIA RTX PRO Server 6000,192,notebook|training|processing|hosting|studio|cluster
        ml.g7e.24xlarge,accelerated,96,1024,4,NVIDIA RTX PRO Server 6000,384,notebook|training|processing|hosting|studio|cluster
        ml.g7e.48xlarge,accelerated,192,2048,8,NVIDIA RTX PRO Server 6000,768,notebook|training|processing|hosting|studio|cluster
        ml.gr6.4xlarge,accelerated,16,128,1,NVIDIA L4,24,cluster
        ml.gr6.8xlarge,accelerated,32,256,1,NVIDIA L4,24,cluster
        ml.p5e.48xlarge,accelerated,192,2048,8,NVIDIA H200,1128,training|hosting|cluster
        ml.p5en.48xlarge,accelerated,192,2048,8,NVIDIA H200,1128,notebook|training|hosting|studio|cluster
        ml.p6-b200.48xlarge,accelerated,192,2048,8,NVIDIA B200,1432,notebook|training|hosting|studio|cluster
        ml.p6-b300.48xlarge,accelerated,192,4096,8,NVIDIA B300,2152,training|hosting|cluster
        ml.p6e-gb200.36xlarge,accelerated,144,960,4,NVIDIA GB200,,training|hosting|cluster
        ml.trn1.2xlarge,accelerated,8,32,0,,,notebook|training|hosting|transform|studio
        ml.trn1.32xlarge,accelerated,128,512,0,,,notebook|training|hosting|transform|studio|cluster
        ml.trn1n.32xlarge,accelerated,128,512,0,,,notebook|training|hosting|studio|cluster
        ml.trn2.3xlarge,accelerated,12,128,0,,,cluster
        ml.trn2.48xlarge,accelerated,192,2048,0,,,training|hosting|cluster
        ml.inf1.xlarge,inference,4,8,0,,,notebook|hosting
        ml.inf1.2xlarge,inference,8,16,0,,,notebook|hosting
        ml.inf1.6xlarge,inference,24,48,0,,,notebook|hosting
        ml.inf1.24xlarge,inference,96,192,0,,,notebook|hosting
        ml.inf2.xlarge,inference,4,16,0,,,notebook|hosting|transform
        ml.inf2.8xlarge,inference,32,128,0,,,notebook|hosting|transform
        ml.inf2.24xlarge,inference,96,384,0,,,notebook|hosting|transform
        ml.inf2.48xlarge,inference,192,768,0,,,notebook|hosting|transform
        """
}

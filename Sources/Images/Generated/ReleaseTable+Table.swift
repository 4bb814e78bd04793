// Generated from Catalogue/framework-releases.csv by `make generate`: see Tools/generate/releases.py.
// swift-format-ignore-file

extension ReleaseTable {
    /// One release a line: package, version, first and last Python, processors.
    static let table = """
        scikit-learn,0.17.1,3.4-3.5,x86_64
        scikit-learn,0.18,3.4-3.5,x86_64
        scikit-learn,0.18.1,3.3-3.6,x86_64
        scikit-learn,0.18.2,3.3-3.6,x86_64
        scikit-learn,0.19.0,3.4-3.6,x86_64
        scikit-learn,0.19.1,3.4-3.6,x86_64
        scikit-learn,0.19.2,3.4-3.7,x86_64
        scikit-learn,0.20.0,3.4-3.7,x86_64
        scikit-learn,0.20.1,3.4-3.7,x86_64
        scikit-learn,0.20.2,3.4-3.7,x86_64
        scikit-learn,0.20.3,3.4-3.7,x86_64
        scikit-learn,0.20.4,3.4-3.7,x86_64
        scikit-learn,0.21.0,3.5-3.7,x86_64
        scikit-learn,0.21.1,3.5-3.7,x86_64
        scikit-learn,0.21.2,3.5-3.7,x86_64
        scikit-learn,0.21.3,3.5-3.7,x86_64
        scikit-learn,0.22,3.5-3.8,x86_64
        scikit-learn,0.22.1,3.5-3.8,x86_64
        scikit-learn,0.22.2,3.6-3.8,x86_64
        scikit-learn,0.22.2.post1,3.5-3.8,x86_64
        scikit-learn,0.23.0,3.6-3.8,x86_64
        scikit-learn,0.23.1,3.6-3.8,x86_64
        scikit-learn,0.23.2,3.6-3.8,x86_64
        scikit-learn,0.24.0,3.6-3.9,x86_64 aarch64
        scikit-learn,0.24.1,3.6-3.9,x86_64 aarch64
        scikit-learn,0.24.2,3.6-3.9,x86_64 aarch64
        scikit-learn,1.0,3.7-3.9,x86_64 aarch64
        scikit-learn,1.0.1,3.7-3.9,x86_64 aarch64
        scikit-learn,1.0.2,3.7-3.10,x86_64 aarch64
        scikit-learn,1.1.0,3.8-3.10,x86_64 aarch64
        scikit-learn,1.1.1,3.8-3.10,x86_64 aarch64
        scikit-learn,1.1.2,3.8-3.10,x86_64 aarch64
        scikit-learn,1.1.3,3.8-3.11,x86_64 aarch64
        scikit-learn,1.2.0,3.8-3.11,x86_64 aarch64
        scikit-learn,1.2.1,3.8-3.11,x86_64 aarch64
        scikit-learn,1.2.2,3.8-3.11,x86_64 aarch64
        scikit-learn,1.3.0,3.8-3.11,x86_64 aarch64
        scikit-learn,1.3.1,3.8-3.12,x86_64 aarch64
        scikit-learn,1.3.2,3.8-3.12,x86_64 aarch64
        scikit-learn,1.4.0,3.9-3.12,x86_64 aarch64
        scikit-learn,1.4.1.post1,3.9-3.12,x86_64 aarch64
        scikit-learn,1.4.2,3.9-3.12,x86_64 aarch64
        scikit-learn,1.5.0,3.9-3.12,x86_64 aarch64
        scikit-learn,1.5.1,3.9-3.12,x86_64 aarch64
        scikit-learn,1.5.2,3.9-3.13,x86_64 aarch64
        scikit-learn,1.6.0,3.9-3.13,x86_64 aarch64
        scikit-learn,1.6.1,3.9-3.13,x86_64 aarch64
        scikit-learn,1.7.0,3.10-3.13,x86_64 aarch64
        scikit-learn,1.7.1,3.10-3.13,x86_64 aarch64
        scikit-learn,1.7.2,3.10-3.14,x86_64 aarch64
        scikit-learn,1.8.0,3.11-3.14,x86_64 aarch64
        scikit-learn,1.9.0,3.11-3.14,x86_64 aarch64
        scikit-learn,1.9.1,3.11-3.15,x86_64 aarch64
        xgboost,0.72.1,3.5-3.9,x86_64
        xgboost,0.80,3.5-3.9,x86_64
        xgboost,0.81,3.5-3.9,x86_64
        xgboost,0.82,3.5-3.9,x86_64
        xgboost,0.90,3.5-3.9,x86_64
        xgboost,1.0.0,3.5-3.9,x86_64
        xgboost,1.0.1,3.5-3.9,x86_64
        xgboost,1.0.2,3.5-3.9,x86_64
        xgboost,1.1.0,3.5-3.9,x86_64
        xgboost,1.1.1,3.5-3.9,x86_64
        xgboost,1.2.0,3.5-3.9,x86_64
        xgboost,1.2.1,3.5-3.9,x86_64 aarch64
        xgboost,1.3.0.post0,3.5-3.9,x86_64 aarch64
        xgboost,1.3.1,3.5-3.9,x86_64 aarch64
        xgboost,1.3.2,3.5-3.9,x86_64 aarch64
        xgboost,1.3.3,3.5-3.9,x86_64 aarch64
        xgboost,1.4.0,3.5-3.9,x86_64 aarch64
        xgboost,1.4.1,3.5-3.9,x86_64 aarch64
        xgboost,1.4.2,3.5-3.9,x86_64 aarch64
        xgboost,1.5.0,3.7-3.14,x86_64 aarch64
        xgboost,1.5.1,3.7-3.14,x86_64 aarch64
        xgboost,1.5.2,3.7-3.14,x86_64 aarch64
        xgboost,1.6.0,3.7-3.14,x86_64 aarch64
        xgboost,1.6.1,3.7-3.14,x86_64 aarch64
        xgboost,1.6.2,3.7-3.14,x86_64 aarch64
        xgboost,1.7.0.post0,3.7-3.14,x86_64 aarch64
        xgboost,1.7.1,3.7-3.14,x86_64 aarch64
        xgboost,1.7.2,3.7-3.14,x86_64 aarch64
        xgboost,1.7.3,3.7-3.14,x86_64 aarch64
        xgboost,1.7.4,3.7-3.14,x86_64 aarch64
        xgboost,1.7.5,3.7-3.14,x86_64 aarch64
        xgboost,1.7.6,3.7-3.14,x86_64 aarch64
        xgboost,2.0.0,3.7-3.14,x86_64 aarch64
        xgboost,2.0.1,3.7-3.14,x86_64 aarch64
        xgboost,2.0.2,3.7-3.14,x86_64 aarch64
        xgboost,2.0.3,3.7-3.14,x86_64 aarch64
        xgboost,2.1.0,3.7-3.14,x86_64 aarch64
        xgboost,2.1.1,3.7-3.14,x86_64 aarch64
        xgboost,2.1.2,3.7-3.14,x86_64 aarch64
        xgboost,2.1.3,3.7-3.14,x86_64 aarch64
        xgboost,2.1.4,3.7-3.14,x86_64 aarch64
        xgboost,3.0.0,3.7-3.14,x86_64 aarch64
        xgboost,3.0.1,3.7-3.14,x86_64 aarch64
        xgboost,3.0.2,3.7-3.14,x86_64 aarch64
        xgboost,3.0.3,3.7-3.14,x86_64 aarch64
        xgboost,3.0.4,3.7-3.14,x86_64 aarch64
        xgboost,3.0.5,3.7-3.14,x86_64 aarch64
        xgboost,3.1.0,3.7-3.14,x86_64 aarch64
        xgboost,3.1.1,3.7-3.14,x86_64 aarch64
        xgboost,3.1.2,3.7-3.14,x86_64 aarch64
        xgboost,3.1.3,3.7-3.14,x86_64 aarch64
        xgboost,3.2.0,3.7-3.14,x86_64 aarch64
        xgboost,3.3.0,3.7-3.14,x86_64 aarch64
        xgboost,3.4.0,3.7-3.14,x86_64 aarch64
        xgboost,3.4.1,3.7-3.14,x86_64 aarch64
        torch,1.0.0,3.5-3.7,x86_64
        torch,1.0.1,3.5-3.7,x86_64
        torch,1.1.0,3.5-3.7,x86_64
        torch,1.2.0,3.5-3.7,x86_64
        torch,1.3.0,3.5-3.7,x86_64
        torch,1.3.1,3.5-3.7,x86_64
        torch,1.4.0,3.5-3.8,x86_64
        torch,1.5.0,3.5-3.8,x86_64
        torch,1.5.1,3.5-3.8,x86_64
        torch,1.6.0,3.6-3.8,x86_64
        torch,1.7.0,3.6-3.8,x86_64
        torch,1.7.1,3.6-3.9,x86_64
        torch,1.8.0,3.6-3.9,x86_64 aarch64
        torch,1.8.1,3.6-3.9,x86_64 aarch64
        torch,1.9.0,3.6-3.9,x86_64 aarch64
        torch,1.9.1,3.6-3.9,x86_64
        torch,1.10.0,3.6-3.9,x86_64 aarch64
        torch,1.10.1,3.6-3.9,x86_64 aarch64
        torch,1.10.2,3.6-3.10,x86_64 aarch64
        torch,1.11.0,3.7-3.10,x86_64 aarch64
        torch,1.12.0,3.7-3.10,x86_64 aarch64
        torch,1.12.1,3.7-3.10,x86_64 aarch64
        torch,1.13.0,3.7-3.11,x86_64 aarch64
        torch,1.13.1,3.7-3.11,x86_64 aarch64
        torch,2.0.0,3.8-3.11,x86_64 aarch64
        torch,2.0.1,3.8-3.11,x86_64 aarch64
        torch,2.1.0,3.8-3.11,x86_64 aarch64
        torch,2.1.1,3.8-3.11,x86_64 aarch64
        torch,2.1.2,3.8-3.11,x86_64 aarch64
        torch,2.2.0,3.8-3.12,x86_64 aarch64
        torch,2.2.1,3.8-3.12,x86_64 aarch64
        torch,2.2.2,3.8-3.12,x86_64 aarch64
        torch,2.3.0,3.8-3.12,x86_64 aarch64
        torch,2.3.1,3.8-3.12,x86_64 aarch64
        torch,2.4.0,3.8-3.12,x86_64 aarch64
        torch,2.4.1,3.8-3.12,x86_64 aarch64
        torch,2.5.0,3.9-3.13,x86_64 aarch64
        torch,2.5.1,3.9-3.13,x86_64 aarch64
        torch,2.6.0,3.9-3.13,x86_64 aarch64
        torch,2.7.0,3.9-3.13,x86_64 aarch64
        torch,2.7.1,3.9-3.13,x86_64 aarch64
        torch,2.8.0,3.9-3.13,x86_64 aarch64
        torch,2.9.0,3.10-3.14,x86_64 aarch64
        torch,2.9.1,3.10-3.14,x86_64 aarch64
        torch,2.10.0,3.10-3.14,x86_64 aarch64
        torch,2.11.0,3.10-3.14,x86_64 aarch64
        torch,2.12.0,3.10-3.14,x86_64 aarch64
        torch,2.12.1,3.10-3.14,x86_64 aarch64
        torch,2.13.0,3.10-3.14,x86_64 aarch64
        torch,2.14.0,3.10-3.14,x86_64 aarch64
        torch,2.14.1,3.10-3.14,x86_64 aarch64
        torch,2.15.0,3.11-3.15,x86_64 aarch64
        tensorflow,0.12.0,3.4-3.5,x86_64
        tensorflow,0.12.1,3.3-3.6,x86_64
        tensorflow,1.0.0,3.3-3.6,x86_64
        tensorflow,1.0.1,3.3-3.6,x86_64
        tensorflow,1.1.0,3.3-3.6,x86_64
        tensorflow,1.2.0,3.3-3.6,x86_64
        tensorflow,1.2.1,3.3-3.6,x86_64
        tensorflow,1.3.0,3.3-3.6,x86_64
        tensorflow,1.4.0,3.3-3.6,x86_64
        tensorflow,1.4.1,3.3-3.6,x86_64
        tensorflow,1.5.0,3.3-3.6,x86_64
        tensorflow,1.5.1,3.3-3.6,x86_64
        tensorflow,1.6.0,3.3-3.6,x86_64
        tensorflow,1.7.0,3.3-3.6,x86_64
        tensorflow,1.7.1,3.3-3.6,x86_64
        tensorflow,1.8.0,3.3-3.6,x86_64
        tensorflow,1.9.0,3.3-3.6,x86_64
        tensorflow,1.10.0,3.3-3.6,x86_64
        tensorflow,1.10.1,3.3-3.6,x86_64
        tensorflow,1.11.0,3.3-3.6,x86_64
        tensorflow,1.12.0,3.3-3.6,x86_64
        tensorflow,1.12.2,3.3-3.6,x86_64
        tensorflow,1.12.3,3.3-3.6,x86_64
        tensorflow,1.13.1,3.3-3.7,x86_64
        tensorflow,1.13.2,3.3-3.7,x86_64
        tensorflow,1.14.0,3.3-3.7,x86_64
        tensorflow,1.15.0,3.5-3.7,x86_64
        tensorflow,1.15.2,3.5-3.7,x86_64
        tensorflow,1.15.3,3.5-3.7,x86_64
        tensorflow,1.15.4,3.5-3.7,x86_64
        tensorflow,1.15.5,3.6-3.7,x86_64
        tensorflow,2.0.0,3.5-3.7,x86_64
        tensorflow,2.0.1,3.5-3.7,x86_64
        tensorflow,2.0.2,3.5-3.7,x86_64
        tensorflow,2.0.3,3.5-3.7,x86_64
        tensorflow,2.0.4,3.6-3.7,x86_64
        tensorflow,2.1.0,3.5-3.7,x86_64
        tensorflow,2.1.1,3.5-3.7,x86_64
        tensorflow,2.1.2,3.5-3.7,x86_64
        tensorflow,2.1.3,3.6-3.7,x86_64
        tensorflow,2.1.4,3.6-3.7,x86_64
        tensorflow,2.2.0,3.5-3.8,x86_64
        tensorflow,2.2.1,3.5-3.8,x86_64
        tensorflow,2.2.2,3.6-3.8,x86_64
        tensorflow,2.2.3,3.6-3.8,x86_64
        tensorflow,2.3.0,3.5-3.8,x86_64
        tensorflow,2.3.1,3.5-3.8,x86_64
        tensorflow,2.3.2,3.6-3.8,x86_64
        tensorflow,2.3.3,3.6-3.8,x86_64
        tensorflow,2.3.4,3.6-3.8,x86_64
        tensorflow,2.4.0,3.6-3.8,x86_64
        tensorflow,2.4.1,3.6-3.8,x86_64
        tensorflow,2.4.2,3.6-3.8,x86_64
        tensorflow,2.4.3,3.6-3.8,x86_64
        tensorflow,2.4.4,3.6-3.8,x86_64
        tensorflow,2.5.0,3.6-3.9,x86_64
        tensorflow,2.5.1,3.6-3.9,x86_64
        tensorflow,2.5.2,3.6-3.9,x86_64
        tensorflow,2.5.3,3.7-3.9,x86_64
        tensorflow,2.6.0,3.6-3.9,x86_64
        tensorflow,2.6.1,3.6-3.9,x86_64
        tensorflow,2.6.2,3.6-3.9,x86_64
        tensorflow,2.6.3,3.7-3.9,x86_64
        tensorflow,2.6.4,3.7-3.9,x86_64
        tensorflow,2.6.5,3.7-3.9,x86_64
        tensorflow,2.7.0,3.7-3.9,x86_64
        tensorflow,2.7.1,3.7-3.9,x86_64
        tensorflow,2.7.2,3.7-3.9,x86_64
        tensorflow,2.7.3,3.7-3.9,x86_64
        tensorflow,2.7.4,3.7-3.9,x86_64
        tensorflow,2.8.0,3.7-3.10,x86_64
        tensorflow,2.8.1,3.7-3.10,x86_64
        tensorflow,2.8.2,3.7-3.10,x86_64
        tensorflow,2.8.3,3.7-3.10,x86_64
        tensorflow,2.8.4,3.7-3.10,x86_64
        tensorflow,2.9.0,3.7-3.10,x86_64
        tensorflow,2.9.1,3.7-3.10,x86_64
        tensorflow,2.9.2,3.7-3.10,x86_64
        tensorflow,2.9.3,3.7-3.10,x86_64
        tensorflow,2.10.0,3.7-3.10,x86_64 aarch64
        tensorflow,2.10.1,3.7-3.10,x86_64 aarch64
        tensorflow,2.11.0,3.7-3.10,x86_64 aarch64
        tensorflow,2.11.1,3.8-3.10,x86_64 aarch64
        tensorflow,2.12.0,3.8-3.11,x86_64 aarch64
        tensorflow,2.12.1,3.8-3.11,x86_64 aarch64
        tensorflow,2.13.0,3.8-3.11,x86_64 aarch64
        tensorflow,2.13.1,3.8-3.11,x86_64 aarch64
        tensorflow,2.14.0,3.9-3.11,x86_64 aarch64
        tensorflow,2.14.1,3.9-3.11,x86_64 aarch64
        tensorflow,2.15.0,3.9-3.11,x86_64 aarch64
        tensorflow,2.15.0.post1,3.9-3.11,x86_64
        tensorflow,2.15.1,3.9-3.11,x86_64 aarch64
        tensorflow,2.16.1,3.9-3.12,x86_64 aarch64
        tensorflow,2.16.2,3.9-3.12,x86_64 aarch64
        tensorflow,2.17.0,3.9-3.12,x86_64 aarch64
        tensorflow,2.17.1,3.9-3.12,x86_64 aarch64
        tensorflow,2.18.0,3.9-3.12,x86_64 aarch64
        tensorflow,2.18.1,3.9-3.12,x86_64 aarch64
        tensorflow,2.19.0,3.9-3.12,x86_64 aarch64
        tensorflow,2.19.1,3.9-3.12,x86_64 aarch64
        tensorflow,2.20.0,3.9-3.13,x86_64 aarch64
        tensorflow,2.21.0,3.10-3.13,x86_64 aarch64
        mxnet,0.9.5,3.4-3.6,x86_64
        mxnet,0.9.5.post2,3.5-3.8,x86_64
        mxnet,0.10.0,3.5-3.8,x86_64
        mxnet,0.10.0.post2,3.5-3.8,x86_64
        mxnet,0.11.0,3.5-3.8,x86_64
        mxnet,0.12.0,3.5-3.8,x86_64
        mxnet,0.12.1,3.5-3.8,x86_64
        mxnet,1.0.0,3.5-3.8,x86_64
        mxnet,1.0.0.post0,3.5-3.8,x86_64
        mxnet,1.0.0.post1,3.5-3.8,x86_64
        mxnet,1.0.0.post2,3.5-3.8,x86_64
        mxnet,1.0.0.post3,3.5-3.8,x86_64
        mxnet,1.0.0.post4,3.5-3.8,x86_64
        mxnet,1.1.0,3.5-3.8,x86_64
        mxnet,1.1.0.post0,3.5-3.8,x86_64
        mxnet,1.2.0,3.5-3.8,x86_64
        mxnet,1.2.1,3.5-3.8,x86_64
        mxnet,1.2.1.post0,3.5-3.8,x86_64
        mxnet,1.2.1.post1,3.5-3.8,x86_64
        mxnet,1.3.0,3.5-3.8,x86_64
        mxnet,1.3.0.post0,3.5-3.8,x86_64
        mxnet,1.3.1,3.5-3.8,x86_64
        mxnet,1.4.0,3.5-3.8,x86_64
        mxnet,1.4.0.post0,3.5-3.8,x86_64
        mxnet,1.4.1,3.5-3.8,x86_64
        mxnet,1.5.0,3.5-3.8,x86_64
        mxnet,1.5.1,3.5-3.8,x86_64
        mxnet,1.5.1.post0,3.5-3.8,x86_64
        mxnet,1.6.0,3.5-3.8,x86_64 aarch64
        mxnet,1.7.0.post1,3.5-3.8,x86_64
        mxnet,1.7.0.post2,3.5-3.8,x86_64
        mxnet,1.8.0,3.5-3.8,x86_64
        mxnet,1.8.0.post0,3.5-3.8,x86_64
        mxnet,1.9.0,3.6-3.11,x86_64 aarch64
        mxnet,1.9.1,3.6-3.11,x86_64 aarch64
        transformers,2.0.0,3.6-3.10,x86_64 aarch64
        transformers,2.1.0,3.6-3.10,x86_64 aarch64
        transformers,2.1.1,3.6-3.10,x86_64 aarch64
        transformers,2.2.0,3.6-3.10,x86_64 aarch64
        transformers,2.2.1,3.6-3.10,x86_64 aarch64
        transformers,2.2.2,3.6-3.10,x86_64 aarch64
        transformers,2.3.0,3.6-3.10,x86_64 aarch64
        transformers,2.4.0,3.6-3.10,x86_64 aarch64
        transformers,2.4.1,3.6-3.10,x86_64 aarch64
        transformers,2.5.0,3.6-3.10,x86_64 aarch64
        transformers,2.5.1,3.6-3.10,x86_64 aarch64
        transformers,2.6.0,3.6-3.10,x86_64 aarch64
        transformers,2.7.0,3.6-3.10,x86_64 aarch64
        transformers,2.8.0,3.6-3.10,x86_64 aarch64
        transformers,2.9.0,3.6-3.10,x86_64 aarch64
        transformers,2.9.1,3.6-3.10,x86_64 aarch64
        transformers,2.10.0,3.6-3.10,x86_64 aarch64
        transformers,2.11.0,3.6-3.10,x86_64 aarch64
        transformers,3.0.0,3.6-3.10,x86_64 aarch64
        transformers,3.0.1,3.6-3.10,x86_64 aarch64
        transformers,3.0.2,3.6-3.10,x86_64 aarch64
        transformers,3.1.0,3.6-3.10,x86_64 aarch64
        transformers,3.2.0,3.6-3.10,x86_64 aarch64
        transformers,3.3.0,3.6-3.10,x86_64 aarch64
        transformers,3.3.1,3.6-3.10,x86_64 aarch64
        transformers,3.4.0,3.6-3.10,x86_64 aarch64
        transformers,3.5.0,3.6-3.10,x86_64 aarch64
        transformers,3.5.1,3.6-3.10,x86_64 aarch64
        transformers,4.0.0,3.6-3.10,x86_64 aarch64
        transformers,4.0.1,3.6-3.10,x86_64 aarch64
        transformers,4.1.0,3.6-3.10,x86_64 aarch64
        transformers,4.1.1,3.6-3.10,x86_64 aarch64
        transformers,4.2.0,3.6-3.10,x86_64 aarch64
        transformers,4.2.1,3.6-3.10,x86_64 aarch64
        transformers,4.2.2,3.6-3.10,x86_64 aarch64
        transformers,4.3.0,3.6-3.10,x86_64 aarch64
        transformers,4.3.1,3.6-3.10,x86_64 aarch64
        transformers,4.3.2,3.6-3.10,x86_64 aarch64
        transformers,4.3.3,3.6-3.10,x86_64 aarch64
        transformers,4.4.0,3.6-3.10,x86_64 aarch64
        transformers,4.4.1,3.6-3.10,x86_64 aarch64
        transformers,4.4.2,3.6-3.10,x86_64 aarch64
        transformers,4.5.0,3.6-3.10,x86_64 aarch64
        transformers,4.5.1,3.6-3.10,x86_64 aarch64
        transformers,4.6.0,3.6-3.10,x86_64 aarch64
        transformers,4.6.1,3.6-3.10,x86_64 aarch64
        transformers,4.7.0,3.6-3.10,x86_64 aarch64
        transformers,4.8.0,3.6-3.10,x86_64 aarch64
        transformers,4.8.1,3.6-3.10,x86_64 aarch64
        transformers,4.8.2,3.6-3.10,x86_64 aarch64
        transformers,4.9.0,3.6-3.10,x86_64 aarch64
        transformers,4.9.1,3.6-3.10,x86_64 aarch64
        transformers,4.9.2,3.6-3.10,x86_64 aarch64
        transformers,4.10.0,3.6-3.10,x86_64 aarch64
        transformers,4.10.1,3.6-3.10,x86_64 aarch64
        transformers,4.10.2,3.6-3.10,x86_64 aarch64
        transformers,4.10.3,3.6-3.10,x86_64 aarch64
        transformers,4.11.0,3.6-3.10,x86_64 aarch64
        transformers,4.11.1,3.6-3.10,x86_64 aarch64
        transformers,4.11.2,3.6-3.10,x86_64 aarch64
        transformers,4.11.3,3.6-3.10,x86_64 aarch64
        transformers,4.12.0,3.6-3.10,x86_64 aarch64
        transformers,4.12.1,3.6-3.10,x86_64 aarch64
        transformers,4.12.2,3.6-3.10,x86_64 aarch64
        transformers,4.12.3,3.6-3.10,x86_64 aarch64
        transformers,4.12.4,3.6-3.10,x86_64 aarch64
        transformers,4.12.5,3.6-3.10,x86_64 aarch64
        transformers,4.13.0,3.6-3.10,x86_64 aarch64
        transformers,4.14.1,3.6-3.10,x86_64 aarch64
        transformers,4.15.0,3.6-3.10,x86_64 aarch64
        transformers,4.16.0,3.6-3.10,x86_64 aarch64
        transformers,4.16.1,3.6-3.10,x86_64 aarch64
        transformers,4.16.2,3.6-3.10,x86_64 aarch64
        transformers,4.17.0,3.6-3.10,x86_64 aarch64
        transformers,4.18.0,3.6-3.10,x86_64 aarch64
        transformers,4.19.0,3.6-3.10,x86_64 aarch64
        transformers,4.19.1,3.6-3.10,x86_64 aarch64
        transformers,4.19.2,3.6-3.10,x86_64 aarch64
        transformers,4.19.3,3.6-3.10,x86_64 aarch64
        transformers,4.19.4,3.6-3.10,x86_64 aarch64
        transformers,4.20.0,3.6-3.10,x86_64 aarch64
        transformers,4.20.1,3.6-3.10,x86_64 aarch64
        transformers,4.21.0,3.6-3.10,x86_64 aarch64
        transformers,4.21.1,3.6-3.10,x86_64 aarch64
        transformers,4.21.2,3.6-3.10,x86_64 aarch64
        transformers,4.21.3,3.6-3.10,x86_64 aarch64
        transformers,4.22.0,3.7-3.11,x86_64 aarch64
        transformers,4.22.1,3.7-3.11,x86_64 aarch64
        transformers,4.22.2,3.7-3.11,x86_64 aarch64
        transformers,4.23.0,3.7-3.11,x86_64 aarch64
        transformers,4.23.1,3.7-3.11,x86_64 aarch64
        transformers,4.24.0,3.7-3.11,x86_64 aarch64
        transformers,4.25.1,3.7-3.11,x86_64 aarch64
        transformers,4.26.0,3.7-3.11,x86_64 aarch64
        transformers,4.26.1,3.7-3.11,x86_64 aarch64
        transformers,4.27.0,3.7-3.11,x86_64 aarch64
        transformers,4.27.1,3.7-3.11,x86_64 aarch64
        transformers,4.27.2,3.7-3.11,x86_64 aarch64
        transformers,4.27.3,3.7-3.11,x86_64 aarch64
        transformers,4.27.4,3.7-3.11,x86_64 aarch64
        transformers,4.28.0,3.7-3.11,x86_64 aarch64
        transformers,4.28.1,3.7-3.11,x86_64 aarch64
        transformers,4.29.0,3.7-3.11,x86_64 aarch64
        transformers,4.29.1,3.7-3.11,x86_64 aarch64
        transformers,4.29.2,3.7-3.11,x86_64 aarch64
        transformers,4.30.0,3.8-3.14,x86_64 aarch64
        transformers,4.30.1,3.8-3.14,x86_64 aarch64
        transformers,4.30.2,3.8-3.14,x86_64 aarch64
        transformers,4.31.0,3.8-3.14,x86_64 aarch64
        transformers,4.32.0,3.8-3.14,x86_64 aarch64
        transformers,4.32.1,3.8-3.14,x86_64 aarch64
        transformers,4.33.0,3.8-3.14,x86_64 aarch64
        transformers,4.33.1,3.8-3.14,x86_64 aarch64
        transformers,4.33.2,3.8-3.14,x86_64 aarch64
        transformers,4.33.3,3.8-3.14,x86_64 aarch64
        transformers,4.34.0,3.8-3.14,x86_64 aarch64
        transformers,4.34.1,3.8-3.14,x86_64 aarch64
        transformers,4.35.0,3.8-3.14,x86_64 aarch64
        transformers,4.35.1,3.8-3.14,x86_64 aarch64
        transformers,4.35.2,3.8-3.14,x86_64 aarch64
        transformers,4.36.0,3.8-3.14,x86_64 aarch64
        transformers,4.36.1,3.8-3.14,x86_64 aarch64
        transformers,4.36.2,3.8-3.14,x86_64 aarch64
        transformers,4.37.0,3.8-3.14,x86_64 aarch64
        transformers,4.37.1,3.8-3.14,x86_64 aarch64
        transformers,4.37.2,3.8-3.14,x86_64 aarch64
        transformers,4.38.0,3.8-3.14,x86_64 aarch64
        transformers,4.38.1,3.8-3.14,x86_64 aarch64
        transformers,4.38.2,3.8-3.14,x86_64 aarch64
        transformers,4.39.0,3.8-3.14,x86_64 aarch64
        transformers,4.39.1,3.8-3.14,x86_64 aarch64
        transformers,4.39.2,3.8-3.14,x86_64 aarch64
        transformers,4.39.3,3.8-3.14,x86_64 aarch64
        transformers,4.40.0,3.8-3.14,x86_64 aarch64
        transformers,4.40.1,3.8-3.14,x86_64 aarch64
        transformers,4.40.2,3.8-3.14,x86_64 aarch64
        transformers,4.41.0,3.8-3.14,x86_64 aarch64
        transformers,4.41.1,3.8-3.14,x86_64 aarch64
        transformers,4.41.2,3.8-3.14,x86_64 aarch64
        transformers,4.42.0,3.8-3.14,x86_64 aarch64
        transformers,4.42.1,3.8-3.14,x86_64 aarch64
        transformers,4.42.2,3.8-3.14,x86_64 aarch64
        transformers,4.42.3,3.8-3.14,x86_64 aarch64
        transformers,4.42.4,3.8-3.14,x86_64 aarch64
        transformers,4.43.0,3.8-3.14,x86_64 aarch64
        transformers,4.43.1,3.8-3.14,x86_64 aarch64
        transformers,4.43.2,3.8-3.14,x86_64 aarch64
        transformers,4.43.3,3.8-3.14,x86_64 aarch64
        transformers,4.43.4,3.8-3.14,x86_64 aarch64
        transformers,4.44.0,3.8-3.14,x86_64 aarch64
        transformers,4.44.1,3.8-3.14,x86_64 aarch64
        transformers,4.44.2,3.8-3.14,x86_64 aarch64
        transformers,4.45.0,3.8-3.14,x86_64 aarch64
        transformers,4.45.1,3.8-3.14,x86_64 aarch64
        transformers,4.45.2,3.8-3.14,x86_64 aarch64
        transformers,4.46.1,3.8-3.14,x86_64 aarch64
        transformers,4.46.2,3.8-3.14,x86_64 aarch64
        transformers,4.46.3,3.8-3.14,x86_64 aarch64
        transformers,4.47.0,3.8-3.14,x86_64 aarch64
        transformers,4.47.1,3.8-3.14,x86_64 aarch64
        transformers,4.48.0,3.8-3.14,x86_64 aarch64
        transformers,4.48.1,3.8-3.14,x86_64 aarch64
        transformers,4.48.2,3.8-3.14,x86_64 aarch64
        transformers,4.48.3,3.8-3.14,x86_64 aarch64
        transformers,4.49.0,3.8-3.14,x86_64 aarch64
        transformers,4.50.0,3.8-3.14,x86_64 aarch64
        transformers,4.50.1,3.8-3.14,x86_64 aarch64
        transformers,4.50.2,3.8-3.14,x86_64 aarch64
        transformers,4.50.3,3.8-3.14,x86_64 aarch64
        transformers,4.51.0,3.8-3.14,x86_64 aarch64
        transformers,4.51.1,3.8-3.14,x86_64 aarch64
        transformers,4.51.2,3.8-3.14,x86_64 aarch64
        transformers,4.51.3,3.8-3.14,x86_64 aarch64
        transformers,4.52.1,3.8-3.14,x86_64 aarch64
        transformers,4.52.2,3.8-3.14,x86_64 aarch64
        transformers,4.52.3,3.8-3.14,x86_64 aarch64
        transformers,4.52.4,3.8-3.14,x86_64 aarch64
        transformers,4.53.0,3.8-3.14,x86_64 aarch64
        transformers,4.53.1,3.8-3.14,x86_64 aarch64
        transformers,4.53.2,3.8-3.14,x86_64 aarch64
        transformers,4.53.3,3.8-3.14,x86_64 aarch64
        transformers,4.54.0,3.8-3.14,x86_64 aarch64
        transformers,4.54.1,3.8-3.14,x86_64 aarch64
        transformers,4.55.0,3.8-3.14,x86_64 aarch64
        transformers,4.55.1,3.8-3.14,x86_64 aarch64
        transformers,4.55.2,3.8-3.14,x86_64 aarch64
        transformers,4.55.3,3.8-3.14,x86_64 aarch64
        transformers,4.55.4,3.8-3.14,x86_64 aarch64
        transformers,4.56.0,3.8-3.14,x86_64 aarch64
        transformers,4.56.1,3.8-3.14,x86_64 aarch64
        transformers,4.56.2,3.8-3.14,x86_64 aarch64
        transformers,4.57.1,3.8-3.14,x86_64 aarch64
        transformers,4.57.2,3.8-3.14,x86_64 aarch64
        transformers,4.57.3,3.8-3.14,x86_64 aarch64
        transformers,4.57.4,3.8-3.14,x86_64 aarch64
        transformers,4.57.5,3.8-3.14,x86_64 aarch64
        transformers,4.57.6,3.8-3.14,x86_64 aarch64
        transformers,5.0.0,3.8-3.14,x86_64 aarch64
        transformers,5.1.0,3.8-3.14,x86_64 aarch64
        transformers,5.2.0,3.8-3.14,x86_64 aarch64
        transformers,5.3.0,3.8-3.14,x86_64 aarch64
        transformers,5.4.0,3.8-3.14,x86_64 aarch64
        transformers,5.5.0,3.8-3.14,x86_64 aarch64
        transformers,5.5.1,3.8-3.14,x86_64 aarch64
        transformers,5.5.2,3.8-3.14,x86_64 aarch64
        transformers,5.5.3,3.8-3.14,x86_64 aarch64
        transformers,5.5.4,3.8-3.14,x86_64 aarch64
        transformers,5.6.0,3.8-3.14,x86_64 aarch64
        transformers,5.6.1,3.8-3.14,x86_64 aarch64
        transformers,5.6.2,3.8-3.14,x86_64 aarch64
        transformers,5.7.0,3.8-3.14,x86_64 aarch64
        transformers,5.8.0,3.8-3.14,x86_64 aarch64
        transformers,5.8.1,3.8-3.14,x86_64 aarch64
        transformers,5.9.0,3.8-3.14,x86_64 aarch64
        transformers,5.10.1,3.8-3.14,x86_64 aarch64
        transformers,5.10.2,3.8-3.14,x86_64 aarch64
        transformers,5.10.4,3.8-3.14,x86_64 aarch64
        transformers,5.11.0,3.8-3.14,x86_64 aarch64
        transformers,5.12.0,3.8-3.14,x86_64 aarch64
        transformers,5.12.1,3.8-3.14,x86_64 aarch64
        transformers,5.13.0,3.8-3.14,x86_64 aarch64
        transformers,5.13.1,3.8-3.14,x86_64 aarch64
        transformers,5.14.0,3.8-3.14,x86_64 aarch64
        transformers,5.14.1,3.8-3.14,x86_64 aarch64
        transformers,5.15.0,3.8-3.14,x86_64 aarch64
        transformers,5.15.1,3.8-3.14,x86_64 aarch64
        transformers,5.16.0,3.8-3.14,x86_64 aarch64
        transformers,5.16.1,3.8-3.14,x86_64 aarch64
        transformers,5.17.0,3.8-3.14,x86_64 aarch64
        transformers,5.18.0,3.8-3.14,x86_64 aarch64
        transformers,5.19.0,3.8-3.14,x86_64 aarch64
        transformers,5.20.0,3.8-3.14,x86_64 aarch64
        transformers,5.20.1,3.8-3.14,x86_64 aarch64
        transformers,5.20.2,3.8-3.14,x86_64 aarch64
        transformers,5.21.0,3.8-3.14,x86_64 aarch64
        transformers,5.21.1,3.8-3.14,x86_64 aarch64
        transformers,5.22.0,3.8-3.14,x86_64 aarch64
        transformers,5.22.1,3.8-3.14,x86_64 aarch64
        transformers,5.22.2,3.8-3.14,x86_64 aarch64
        transformers,5.23.0,3.8-3.14,x86_64 aarch64
        transformers,5.24.0,3.8-3.14,x86_64 aarch64
        """
}
